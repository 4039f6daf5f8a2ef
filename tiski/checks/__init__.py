"""What ./scripts/check-data looks at, and what the stories and conversations reach."""
