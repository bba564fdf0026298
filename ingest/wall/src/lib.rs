//! One wall screen: WebRTC data channel, WebSocket fallback.
