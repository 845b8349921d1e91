"""The real services the tests run on, each started at its first use and ended with the session."""
