"""Sobel magnitude of every picture in a folder to PNG, by a pool of two processes: batch.py HOW FOLDER RESULTS

HOW is grey; colour, as one would write it; or colour-tuned, which never leaves OpenCV and works on 8-bit maxima.
"""

import os
import sys
from multiprocessing import Pool

import cv2
import numpy as np

PROCESSES = 2


def magnitude(samples):
    dx = cv2.Sobel(samples, cv2.CV_32F, 1, 0, scale=0.25, borderType=cv2.BORDER_REPLICATE)
    dy = cv2.Sobel(samples, cv2.CV_32F, 0, 1, scale=0.25, borderType=cv2.BORDER_REPLICATE)
    return cv2.magnitude(dx, dy)


def grey(source):
    return cv2.convertScaleAbs(magnitude(cv2.imread(source, cv2.IMREAD_GRAYSCALE)))


def colour(source):
    return cv2.convertScaleAbs(np.max(magnitude(cv2.imread(source)), axis=2))


def colour_tuned(source):
    first, second, third = (cv2.convertScaleAbs(magnitude(plane)) for plane in cv2.split(cv2.imread(source)))
    return cv2.max(cv2.max(first, second), third)


WAYS = {"grey": grey, "colour": colour, "colour-tuned": colour_tuned}


def work(task):
    how, source, result = task
    cv2.imwrite(result, WAYS[how](source))


if __name__ == "__main__":
    how, folder, results = sys.argv[1:]
    cv2.setNumThreads(1)
    tasks = [
        (how, os.path.join(folder, name), os.path.join(results, os.path.splitext(name)[0] + ".png"))
        for name in sorted(os.listdir(folder))
    ]
    with Pool(PROCESSES) as pool:
        pool.map(work, tasks, chunksize=1)
