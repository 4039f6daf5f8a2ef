"""The name by which Rasa's SDK looks for plugins of the action server; ours are in `tiski/`."""

from tiski.notify.plugin import init_hooks

__all__ = ["init_hooks"]
