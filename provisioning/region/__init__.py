"""The region's broker: who may connect, and who may say and hear what."""
