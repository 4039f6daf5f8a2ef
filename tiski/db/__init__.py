"""Tables, sessions and migrations of what the desk itself stores."""
