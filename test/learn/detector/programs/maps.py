"""Edge maps by OpenCV, scikit-image, SciPy and Pillow: maps.py photograph.png folder '{"name": "expression", ...}'

Each expression is evaluated with `before`, the photograph as the program reads it (BGR or grey by OpenCV, RGB or grey by the
others), and its array is written to folder/name.png. A name ends in .grey or .rgb; one of a call of OpenCV begins with opencv."""
import json
import sys

import cv2
import numpy as np
import scipy.ndimage
import skimage
import skimage.feature
import skimage.filters
from PIL import Image, ImageFilter

folder, expressions = sys.argv[1], json.load(open(sys.argv[2]))


def read(kind, program):
    path = f"{folder}/{kind}.png"
    if program == "OpenCV":
        return cv2.imread(path, cv2.IMREAD_GRAYSCALE if kind == "grey" else cv2.IMREAD_COLOR)
    image = Image.open(path)
    return image if program == "Pillow" else np.asarray(image)


for name, (program, expression) in expressions.items():
    kind = name.rsplit(".", 1)[1]
    made = eval(expression, {**globals(), "before": read(kind, program)})
    if program == "Pillow":
        made.save(f"{folder}/{name}.png")
        continue
    if made.dtype == bool:
        made = made.astype(np.uint8) * 255
    assert made.dtype == np.uint8, (name, made.dtype)
    if program == "OpenCV":
        cv2.imwrite(f"{folder}/{name}.png", made)
    else:
        Image.fromarray(made).save(f"{folder}/{name}.png")
