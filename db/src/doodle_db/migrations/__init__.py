"""The migrations: how the schema came to be, step by step, only ever forward."""
