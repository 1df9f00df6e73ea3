"""What the public talks to: doodles, the live model, statistics, events, deployments. Never imports TensorFlow."""
