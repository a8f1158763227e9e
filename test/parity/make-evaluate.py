"""Writes what scikit-image and SciPy make of small maps and boundaries, for evaluate.test.ts to compare with.

    python3 test/parity/make-evaluate.py

The numbers beside this file come from scikit-image 0.19.3, SciPy 1.10.1 and NumPy 1.24.2 (Debian 12: python3-skimage).

evaluate.json holds pictures of 40 x 56 pixels: random walks for each of three annotators, and as the map the walks of a fourth moved
by up to two pixels, smoothed, in 256 levels. Of each threshold it tells the thinned map (skimage.morphology.thin), and with each annotator how
many pixels match one to one within the distance and what the cheapest of these matchings costs in hundredths of a pixel
(scipy.optimize.linear_sum_assignment on the whole table, with a cost above all others for what is too far). The counts, and what they
come to, are computed here by NumPy as edgesEvalDir of P. Dollar's toolbox computes them.
"""

import json
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.optimize import linear_sum_assignment
from skimage.morphology import thin

HERE = Path(__file__).resolve().parent
HEIGHT, WIDTH = 40, 56
THRESHOLDS = np.array([0.1, 0.25, 0.4, 0.55, 0.7, 0.85])
MAX_DISTANCE = 0.035
TOO_FAR = 1 << 30


def walks(random, count):
    drawn = np.zeros((HEIGHT, WIDTH), bool)
    for _ in range(count):
        y, x = random.integers(HEIGHT), random.integers(WIDTH)
        dy, dx = random.choice([-1, 0, 1], 2)
        for _ in range(random.integers(10, 60)):
            if 0 <= y < HEIGHT and 0 <= x < WIDTH:
                drawn[y, x] = True
            if random.random() < 0.2:
                dy, dx = random.choice([-1, 0, 1], 2)
            y, x = y + dy, x + dx
    return drawn


def matched(first, second, reach):
    a, b = np.argwhere(first), np.argwhere(second)
    if len(a) == 0 or len(b) == 0:
        return 0, 0
    squares = ((a[:, None] - b[None]) ** 2).sum(2)
    cost = np.where(squares <= reach * reach, np.rint(100 * np.sqrt(squares)).astype(np.int64), TOO_FAR)
    rows, columns = linear_sum_assignment(cost)
    near = cost[rows, columns] < TOO_FAR
    return int(near.sum()), int(cost[rows, columns][near].sum())


def f_of(recall, precision):
    return 2 * precision * recall / np.maximum(np.finfo(float).eps, precision + recall)


def scores(recalled, truth, hits, found):
    """ODS and AP of edgesEvalDir.m from sums over pictures."""
    recall, precision = recalled / truth, hits / np.maximum(np.finfo(float).eps, found)
    share = np.linspace(0, 1, 100)
    best = (-1.0,)
    for j in range(1, len(THRESHOLDS)):
        r = recall[j] * share + recall[j - 1] * (1 - share)
        p = precision[j] * share + precision[j - 1] * (1 - share)
        t = THRESHOLDS[j] * share + THRESHOLDS[j - 1] * (1 - share)
        f = f_of(r, p)
        k = int(f.argmax())
        if f[k] > best[0]:
            best = (f[k], t[k], r[k], p[k])
    rising, first = np.unique(recall, return_index=True)
    ap = np.interp(np.linspace(0, 1, 101), rising, precision[first], left=0, right=0).sum() / 100
    return {"ods": [float(x) for x in best], "ap": float(ap)}


random = np.random.default_rng(7)
reach = MAX_DISTANCE * np.hypot(HEIGHT, WIDTH)
pictures = []
for _ in range(4):
    base = walks(random, 6)
    truths = [base | walks(random, 2) for _ in range(3)]
    moved = np.roll(base | walks(random, 2), tuple(random.integers(-2, 3, 2)), (0, 1))
    soft = gaussian_filter(moved.astype(float), 1.2) + 0.08 * random.random((HEIGHT, WIDTH))
    levels = np.rint(255 * np.minimum(1, soft / soft.max())).astype(np.uint8)
    cuts = []
    for threshold in THRESHOLDS:
        lines = thin(levels / 255 >= threshold)
        pairs = [matched(lines, truth, reach) for truth in truths]
        cuts.append({"thin": ["".join("#" if v else "." for v in row) for row in lines], "pairs": pairs})
    pictures.append(
        {
            "map": levels.tolist(),
            "truths": [["".join("#" if v else "." for v in row) for row in truth] for truth in truths],
            "cuts": cuts,
        }
    )

# What scores are computed from is made up here: which pixels of a map match is not the same in every cheapest matching.
counts = []
for picture in pictures:
    truth = sum(row.count("#") for drawn in picture["truths"] for row in drawn)
    found = np.array([sum(row.count("#") for row in cut["thin"]) for cut in picture["cuts"]])
    recalled = np.array([sum(pairs for pairs, _ in cut["pairs"]) for cut in picture["cuts"]])
    hits = np.array([max(pairs for pairs, _ in cut["pairs"]) for cut in picture["cuts"]])
    counts.append((recalled, truth, hits, found))
sums = [sum(column) for column in zip(*counts)]
ois = np.zeros(4)
for recalled, truth, hits, found in counts:
    k = int(f_of(recalled / truth, hits / np.maximum(1, found)).argmax())
    ois += [recalled[k], truth, hits[k], found[k]]
expected = scores(*sums)
expected["ois"] = float(f_of(ois[0] / ois[1], ois[2] / ois[3]))

written = {
    "thresholds": THRESHOLDS.tolist(),
    "maxDistance": MAX_DISTANCE,
    "pictures": pictures,
    "counts": [
        {"recalled": r.tolist(), "truth": int(t), "matched": h.tolist(), "found": f.tolist()} for r, t, h, f in counts
    ],
    "scores": expected,
}
(HERE / "evaluate.json").write_text(json.dumps(written, separators=(",", ":")) + "\n")
