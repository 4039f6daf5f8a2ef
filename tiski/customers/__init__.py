"""Who may become a customer, and what customers have agreed to."""
