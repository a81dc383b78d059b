"""The numerical engine: local inertial flow on a staggered grid, and what rain and drains do to it."""
