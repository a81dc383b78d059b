"""One step of the shallow-water equations by finite volumes of second order.

Scheme: hydrostatic reconstruction of Chen & Noelle (2017), SIAM J. Numer. Anal. 55, 758-784, which keeps a lake at
rest and lets thin water run down steps of the bed as fast as it should; linear reconstruction of depth, level and
velocity inside cells (MUSCL, limited so that no depth becomes negative) with a centred source term; the solver of
Riemann problems HLLC (Toro 2001, Shock-capturing methods for free-surface shallow flows); two stages of Runge and
Kutta that keep what one Euler step keeps (Shu & Osher 1988); implicit friction of Manning after each stage; and an
exact limiter on what a cell gives.

All arrays are float64; ``u`` is (3, rows, columns): depth (m) and flow to the east and to the south (m2/s) of
each cell. ``flux`` is (8, rows, columns): for the face before each cell, along the row and along the column, the
flow of water, of momentum across the face as seen from before and from behind, and of momentum along the face.
``crests`` are the levels of walls on the same faces, as in ``_flow.py``; without any they are of one dimension.
"""

# Numba infers the types of kernels from what they are given, and takes arrays one by one rather than as objects.
# ruff: noqa: ANN001, ANN202, C901, PLR0917
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math

import numba

from morgen.models.flood.engine._compiled import compiled, compiled_parallel
from morgen.models.flood.engine._physics import WALL

__all__ = ["DRY", "fastest", "step"]

DRY = 1e-6
"""Water shallower than this (m) does not move."""

_G = 9.81
_NO_GROUND = WALL / 2
_STEEP = (
    1.5  # of the two differences, at most this many times the smaller one: between minmod (1) and superbee (2)
)
_NEARLY_ALL = 1.0 - 1e-12
_LEAST_SLOPE = 0.001  # over an open edge, so that flat ground drains


@compiled
def _limited(before, after):
    """Return the slope between two differences, zero at an extreme."""
    if before * after <= 0.0:
        return 0.0
    size = min(_STEEP * abs(before), _STEEP * abs(after), 0.5 * abs(before + after))
    return math.copysign(size, before)


@compiled
def _speeds_row(speed, u, i):
    for j in range(u.shape[2]):
        h = u[0, i, j]
        per = 1.0 / h if h > DRY else 0.0
        speed[0, i, j] = u[1, i, j] * per
        speed[1, i, j] = u[2, i, j] * per


@compiled
def _share_of_slopes(deepest, back, ahead):
    """Return how much of the slopes inside a cell counts: none in thin water on rough ground.

    Water is thin when the ``deepest`` of the cell and its two neighbours is less than a quarter of the larger step
    of the bed; from half of it slopes count in full. Reconstructed beds meet at faces in steps that the ground
    does not have, and these would dam thin water that runs down.
    """
    step = max(abs(back), abs(ahead))
    return min(max(4.0 * deepest - step, 0.0) / step, 1.0) if step > 0.0 else 1.0


@compiled
def _has_wall(crests, side, z, i, j, a, b):
    """Return whether a wall stands between the cell (i, j) and the one before it, (a, b)."""
    if crests.ndim == 1:
        return False
    return crests[side, i, j] > max(z[i, j], z[a, b])


@compiled
def _slopes_row(slope, part, u, speed, z, crests, i, a, c, shift):
    """Store the slopes in the cells of a row, along one axis, of depth, level and both velocities.

    Neighbours lie in rows ``a`` and ``c``, ``shift`` columns back and ahead; beside a wall there are no slopes.
    """
    side = 0 if part == 0 else 1
    for j in range(1, u.shape[2] - 1):
        b, d = j - shift, j + shift
        inside = u[0, i, j] > DRY and z[a, b] < _NO_GROUND and z[c, d] < _NO_GROUND
        inside = inside and not (_has_wall(crests, side, z, i, j, a, b) or _has_wall(crests, side, z, c, d, i, j))
        bed_back, bed_ahead = z[i, j] - z[a, b], z[c, d] - z[i, j]
        deepest = max(u[0, i, j], u[0, a, b], u[0, c, d])
        keep = _share_of_slopes(deepest, bed_back, bed_ahead) if inside else 0.0
        back, ahead = u[0, i, j] - u[0, a, b], u[0, c, d] - u[0, i, j]
        slope[part, i, j] = keep * _limited(back, ahead)
        slope[part + 1, i, j] = keep * _limited(back + bed_back, ahead + bed_ahead)
        x, y = speed[0, i, j], speed[1, i, j]
        slope[part + 2, i, j] = keep * _limited(x - speed[0, a, b], speed[0, c, d] - x)
        slope[part + 3, i, j] = keep * _limited(y - speed[1, a, b], speed[1, c, d] - y)


@compiled
def _hllc(h0, u0, v0, h1, u1, v1):
    """Return the flow of water, of momentum across and of momentum along, between two states at a face."""
    if h0 <= DRY and h1 <= DRY:
        return 0.0, 0.5 * _G * 0.5 * (h0 * h0 + h1 * h1), 0.0
    c0, c1 = math.sqrt(_G * h0), math.sqrt(_G * h1)
    if h0 <= DRY:
        s0, s1 = u1 - 2.0 * c1, u1 + c1
    elif h1 <= DRY:
        s0, s1 = u0 - c0, u0 + 2.0 * c0
    else:
        middle = 0.5 * (u0 + u1) + c0 - c1
        depth_wave = 0.5 * (c0 + c1) + 0.25 * (u0 - u1)
        s0, s1 = min(u0 - c0, middle - depth_wave), max(u1 + c1, middle + depth_wave)
    q0, q1 = h0 * u0, h1 * u1
    p0, p1 = q0 * u0 + 0.5 * _G * h0 * h0, q1 * u1 + 0.5 * _G * h1 * h1
    if s0 >= 0.0:
        return q0, p0, q0 * v0
    if s1 <= 0.0:
        return q1, p1, q1 * v1
    wide = 1.0 / (s1 - s0)
    mass = (s1 * q0 - s0 * q1 + s0 * s1 * (h1 - h0)) * wide
    push = (s1 * p0 - s0 * p1 + s0 * s1 * (q1 - q0)) * wide
    return mass, push, mass * (v0 if mass > 0.0 else v1)


@compiled
def _leaving(h, fall, roughness):
    """Return the speed of normal flow over an open edge, at most critical."""
    slope = max(fall, 0.0) + _LEAST_SLOPE
    return min(h ** (2.0 / 3.0) * math.sqrt(slope) / roughness, math.sqrt(_G * h))


@compiled
def _between(h0, u0, v0, w0, h1, u1, v1, w1):
    """Return the flow of water, of momentum across as seen from before and behind, and of momentum along."""
    bed0, bed1 = w0 - h0, w1 - h1
    bed = min(max(bed0, bed1), w0, w1)
    low0, low1 = min(w0 - bed, h0), min(w1 - bed, h1)
    mass, push, along = _hllc(low0, u0, v0, low1, u1, v1)
    before = push + 0.5 * _G * (h0 + low0) * (bed - bed0)
    behind = push + 0.5 * _G * (h1 + low1) * (bed - bed1)
    return mass, before, behind, along


@compiled
def _weir(high, low, speed):
    """Return the most (m2/s) that passes a broad-crested weir; levels over its crest, ``speed`` towards it."""
    energy = high + 0.5 * speed * speed / _G
    over = min(max(low, 2.0 * energy / 3.0), high)
    return over * math.sqrt(2.0 * _G * max(energy - over, 0.0))


@compiled
def _at_wall(h, towards, gone):
    """Return the flow of momentum of water that meets a wall at a speed, of which ``gone`` (m2/s) passes it.

    Its pressure is that on a wall that gives way as fast as water passes: what does not pass is thrown back.
    """
    if h <= DRY:
        return 0.5 * _G * h * h
    held = towards - gone / h if gone > 0.0 else max(towards, 0.0)
    return _hllc(h, held, 0.0, h, -held, 0.0)[1] + gone * towards


@compiled
def _over_wall(crest, h0, u0, v0, w0, h1, u1, v1, w1):
    """Return what ``_between`` does, for a face with a wall.

    What flows is the mean of what comes on both sides and what the step of the level above the crest drives, as
    far as the weir lets it.
    """
    low0, low1 = max(w0 - crest, 0.0), max(w1 - crest, 0.0)
    wave = math.sqrt(_G * max(low0, low1))
    mass = 0.5 * ((h0 * u0 + h1 * u1) + wave * (low0 - low1))
    mass = min(mass, _weir(low0, low1, u0)) if mass > 0.0 else -min(-mass, _weir(low1, low0, u1))
    return mass, _at_wall(h0, u0, mass), _at_wall(h1, -u1, -mass), mass * (v0 if mass > 0.0 else v1)


@compiled
def _border(h, outward, along, leaks, fall, n):
    """Return the flow out of a cell, of momentum across and along, where no water can enter.

    Out it may, if it ``leaks``: at the speed that it has, and at least that of normal flow for the slope ``fall``.
    """
    if leaks and h > DRY:
        gone = max(outward, _leaving(h, fall, math.sqrt(2.0 * n / _G)))
        mass, push, aside = _hllc(h, outward, along, h, gone, along)
        if mass > 0.0:
            return mass, push, aside
    return 0.0, _hllc(h, outward, along, h, -outward, along)[1], 0.0


@compiled
def _border_face(flux, part, u, speed, slope, z, n, i, j, side, leaks, face, dx):
    """Store the fluxes of a face on one ``side`` (-1 or 1) of a cell with a wall or an open edge behind it."""
    di, dj = (0, 1) if part == 0 else (1, 0)
    across, tangent = (0, 1) if part == 0 else (1, 0)
    half = 0.5 * side
    h = u[0, i, j] + half * slope[part, i, j]
    outward = side * (speed[across, i, j] + half * slope[part + 2 + across, i, j])
    sideways = speed[tangent, i, j] + half * slope[part + 2 + tangent, i, j]
    inner = i - side * di, j - side * dj
    fall = z[inner] + u[0, inner[0], inner[1]] - z[i, j] - u[0, i, j] if z[inner] < _NO_GROUND else 0.0
    mass, push, along = _border(h, outward, sideways, leaks, fall / dx, n[i if n.shape[0] > 1 else 0, j])
    flux[part, face[0], face[1]] = side * mass
    flux[part + 1, face[0], face[1]] = push
    flux[part + 2, face[0], face[1]] = push
    flux[part + 3, face[0], face[1]] = side * along


@compiled
def _wall_face(flux, part, u, speed, z, crests, i, j, a, b):
    """Store the fluxes of a face with a wall; there are no slopes in the cells beside it."""
    if crests.ndim == 1:
        return
    across, tangent = (0, 1) if part == 0 else (1, 0)
    h0, h1 = u[0, a, b], u[0, i, j]
    mass, before, behind, along = _over_wall(
        crests[across, i, j],
        h0,
        speed[across, a, b],
        speed[tangent, a, b],
        z[a, b] + h0,
        h1,
        speed[across, i, j],
        speed[tangent, i, j],
        z[i, j] + h1,
    )
    flux[part, i, j] = mass
    flux[part + 1, i, j] = before
    flux[part + 2, i, j] = behind
    flux[part + 3, i, j] = along


@compiled
def _faces_row(flux, part, u, speed, slope, z, n, crests, leaks, i, a, shift, dx):
    """Store the fluxes of the faces between the cells of row ``i`` and those before them, in row ``a``."""
    across, tangent = (0, 1) if part == 0 else (1, 0)
    side = across
    for j in range(1, u.shape[2]):
        b = j - shift
        h0, h1 = u[0, a, b], u[0, i, j]
        if h0 <= DRY and h1 <= DRY:
            flux[part, i, j] = 0.0
            flux[part + 1, i, j] = 0.5 * _G * h0 * h0
            flux[part + 2, i, j] = 0.5 * _G * h1 * h1
            flux[part + 3, i, j] = 0.0
        elif z[i, j] > _NO_GROUND:
            _border_face(flux, part, u, speed, slope, z, n, a, b, 1, leaks[i, j], (i, j), dx)
        elif z[a, b] > _NO_GROUND:
            _border_face(flux, part, u, speed, slope, z, n, i, j, -1, leaks[i, j], (i, j), dx)
        elif _has_wall(crests, side, z, i, j, a, b):
            _wall_face(flux, part, u, speed, z, crests, i, j, a, b)
        else:
            mass, before, behind, along = _between(
                h0 + 0.5 * slope[part, a, b],
                speed[across, a, b] + 0.5 * slope[part + 2 + across, a, b],
                speed[tangent, a, b] + 0.5 * slope[part + 2 + tangent, a, b],
                z[a, b] + h0 + 0.5 * slope[part + 1, a, b],
                h1 - 0.5 * slope[part, i, j],
                speed[across, i, j] - 0.5 * slope[part + 2 + across, i, j],
                speed[tangent, i, j] - 0.5 * slope[part + 2 + tangent, i, j],
                z[i, j] + h1 - 0.5 * slope[part + 1, i, j],
            )
            flux[part, i, j] = mass
            flux[part + 1, i, j] = before
            flux[part + 2, i, j] = behind
            flux[part + 3, i, j] = along


@compiled
def _limits_row(limit, flux, u, i, k):
    for j in range(1, u.shape[2] - 1):
        out = max(flux[0, i, j + 1], 0.0) - min(flux[0, i, j], 0.0)
        out += max(flux[4, i + 1, j], 0.0) - min(flux[4, i, j], 0.0)
        limit[i, j] = min(1.0, _NEARLY_ALL * u[0, i, j] / (k * out)) if out > 0.0 else 1.0


@compiled
def _limited_row(flux, part, limit, i, a, shift):
    """Let what gives decide how much flows, of water and with it of momentum along the face."""
    for j in range(1, limit.shape[1]):
        share = limit[a, j - shift] if flux[part, i, j] > 0.0 else limit[i, j]
        flux[part, i, j] *= share
        flux[part + 3, i, j] *= share


@compiled
def _slowed(q, other, h, friction, dt):
    """Return the factor that friction slows a flow by, implicitly; ``friction`` is g n2 / 2."""
    if h <= DRY:
        return 0.0
    drag = 2.0 * dt * friction * math.sqrt(q * q + other * other) * h ** (-7.0 / 3.0)
    return 2.0 / (1.0 + math.sqrt(1.0 + 4.0 * drag))


@compiled
def _update_row(new, start, u, slope, flux, z, n, i, dt, k, second):
    """Take the step of the cells of a row: what flowed in and out, the push of the bed in each, and friction."""
    m = i if n.shape[0] > 1 else 0
    part = 0.5 if second else 1.0
    for j in range(1, u.shape[2] - 1):
        if z[i, j] < _NO_GROUND:
            h = u[0, i, j] + k * ((flux[0, i, j] - flux[0, i, j + 1]) + (flux[4, i, j] - flux[4, i + 1, j]))
            tilt_x = _G * u[0, i, j] * (slope[1, i, j] - slope[0, i, j])
            tilt_y = _G * u[0, i, j] * (slope[5, i, j] - slope[4, i, j])
            x = ((flux[2, i, j] - flux[1, i, j + 1]) - tilt_x) + (flux[7, i, j] - flux[7, i + 1, j])
            y = ((flux[6, i, j] - flux[5, i + 1, j]) - tilt_y) + (flux[3, i, j] - flux[3, i, j + 1])
            qx, qy = u[1, i, j] + k * x, u[2, i, j] + k * y
            slow = part * _slowed(qx, qy, h, n[m, j], dt)
            new[0, i, j] = part * h + (1.0 - part) * start[0, i, j]
            new[1, i, j] = slow * qx + (1.0 - part) * start[1, i, j]
            new[2, i, j] = slow * qy + (1.0 - part) * start[2, i, j]


@compiled
def _share(rows, band, bands, more):
    """Return the first row of a band, and the row after its last; ``more`` rows are added to all."""
    count = rows[1] + more - rows[0]
    return rows[0] + band * count // bands, rows[0] + (band + 1) * count // bands


@compiled_parallel
def _stage(new, start, u, work, z, n, crests, leaks, rows, bands, dt, dx, second):
    """Take one Euler step of ``u``; of a ``second`` stage, the mean with ``start``."""
    speed, slope, flux, limit = work
    k = dt / dx
    for b in numba.prange(bands):
        first, last = _share(rows, b, bands, 0)
        for i in range(first, last):
            _speeds_row(speed, u, i)
    for b in numba.prange(bands):
        first, last = _share(rows, b, bands, 0)
        for i in range(first, last):
            _slopes_row(slope, 0, u, speed, z, crests, i, i, i, 1)
            _slopes_row(slope, 4, u, speed, z, crests, i, i - 1, i + 1, 0)
    for b in numba.prange(bands):
        first, last = _share(rows, b, bands, 1)
        for i in range(first, last):
            _faces_row(flux, 0, u, speed, slope, z, n, crests, leaks[0], i, i, 1, dx)
            _faces_row(flux, 4, u, speed, slope, z, n, crests, leaks[1], i, i - 1, 0, dx)
    for b in numba.prange(bands):
        first, last = _share(rows, b, bands, 0)
        for i in range(first, last):
            _limits_row(limit, flux, u, i, k)
    for b in numba.prange(bands):
        first, last = _share(rows, b, bands, 1)
        for i in range(first, last):
            _limited_row(flux, 0, limit, i, i, 1)
            _limited_row(flux, 4, limit, i, i - 1, 0)
    for b in numba.prange(bands):
        first, last = _share(rows, b, bands, 0)
        for i in range(first, last):
            _update_row(new, start, u, slope, flux, z, n, i, dt, k, second)


@compiled
def _leaked(flux, doors, k):
    """Return the sum (m) of what left through open faces; ``doors`` are rows, columns, part, and outward sign."""
    total = 0.0
    for d in range(doors.shape[0]):
        total += doors[d, 3] * flux[doors[d, 2], doors[d, 0], doors[d, 1]] * k
    return total


@compiled_parallel
def fastest(u, rows, peaks):
    """Return the largest speed of waves (m/s) over all cells."""
    first, last = rows
    bands = peaks.size
    for b in numba.prange(bands):
        peak = 0.0
        for i in range(first + b * (last - first) // bands, first + (b + 1) * (last - first) // bands):
            for j in range(1, u.shape[2] - 1):
                h = u[0, i, j]
                if h > DRY:
                    peak = max(peak, max(abs(u[1, i, j]), abs(u[2, i, j])) / h + math.sqrt(_G * h))
        peaks[b] = peak
    largest = 0.0
    for b in range(bands):
        largest = max(largest, peaks[b])
    return largest


@compiled
def step(u, spare, work, ground, leaks, doors, rows, bands, dt, dx):
    """Take one step of ``dt`` s in place; return the sum of metres that left over open edges."""
    z, n, crests = ground
    flux = work[2]
    k = dt / dx
    _stage(spare, u, u, work, z, n, crests, leaks, rows, bands, dt, dx, False)
    left = _leaked(flux, doors, k)
    _stage(u, u, spare, work, z, n, crests, leaks, rows, bands, dt, dx, True)
    return 0.5 * (left + _leaked(flux, doors, k))
