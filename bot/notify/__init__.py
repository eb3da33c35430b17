"""Word to the sites by e-mail and webhook: channels of the outbox that only carry, with its guarantees."""
