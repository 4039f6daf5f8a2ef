"""Tools for designers: how a message is understood, and what is mistaken for what."""
