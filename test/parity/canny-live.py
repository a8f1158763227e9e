"""Runs OpenCV's Canny for opencv.test.ts: reads requests as JSON on standard input, writes CRC-32s and counts of edges.

A request is {"file", "height", "width", "channels", "runs": [[low, high, aperture, l2], …]}; the file holds the samples.
"""

import json
import sys
from zlib import crc32

import cv2
import numpy as np

answers = []
for request in json.load(sys.stdin):
    samples = np.fromfile(request["file"], np.uint8)
    picture = samples.reshape(request["height"], request["width"], request["channels"])
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) if request["channels"] == 3 else picture[:, :, 0].copy()
    runs = []
    for low, high, aperture, l2 in request["runs"]:
        edges = cv2.Canny(grey, low, high, apertureSize=aperture, L2gradient=l2)
        runs.append([crc32(edges.tobytes()), int(np.count_nonzero(edges))])
    answers.append(runs)
json.dump(answers, sys.stdout)
