"""The staff's page "Today at the desk": a process of its own, so that it works without Rasa."""
