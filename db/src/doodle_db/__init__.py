"""What both services agree on at rest: schema, bitmap codec, label sets, manifests, artifacts, model registry."""
