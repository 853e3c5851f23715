"""TLS as its bytes have it, from whoever sees them: a capture, a probe. No socket is known here."""

from .conversation import Conversation

__all__ = ["Conversation"]
