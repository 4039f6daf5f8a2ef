"""The name by which Rasa's SDK looks for plugins of the action server; ours are in `tiski/`."""

import pluggy

from tiski.desk.patience import PatiencePlugin
from tiski.notify.plugin import OwnerMailPlugin

__all__ = ["init_hooks"]


def init_hooks(manager: pluggy.PluginManager) -> None:
    """Called by the SDK."""
    manager.register(OwnerMailPlugin())
    manager.register(PatiencePlugin())
