"""What the tests of several rooms share: drawings of our own and small builders. Never shipped."""
