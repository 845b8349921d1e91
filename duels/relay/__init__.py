"""The road of an answer from a worker to its readers: Redis Streams in, Server-Sent Events out."""
