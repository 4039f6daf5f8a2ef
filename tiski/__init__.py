"""How the desk does its work: everything that is not a Rasa action."""
