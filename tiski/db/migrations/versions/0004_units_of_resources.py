"""units of resources: the names of claims grow by a number"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.alter_column(
            "resource",
            existing_type=sa.String(length=60),
            type_=sa.String(length=64),
            existing_nullable=False,
        )


def downgrade() -> None:
    op.execute("DELETE FROM claims WHERE resource LIKE '%#%'")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.alter_column(
            "resource",
            existing_type=sa.String(length=64),
            type_=sa.String(length=60),
            existing_nullable=False,
        )
