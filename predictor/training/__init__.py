"""Makes the models: data, features, networks, exports, scores. Never imported by the worker."""
