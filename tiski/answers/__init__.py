"""What the desk says: dates and prices in words, facts of business.yml, Rasa's answers."""
