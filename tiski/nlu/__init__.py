"""Understanding: the components that config.yml names, each a small Rasa graph component."""
