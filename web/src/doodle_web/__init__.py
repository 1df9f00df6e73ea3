"""The HTTP manners both services share: problem details, operator sign-in, health, JSON logs, settings."""
