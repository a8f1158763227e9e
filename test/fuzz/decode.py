"""Decodes pictures for corpus.mjs: a line of JSON for every line of decoder (Pillow, OpenCV), path and place on standard input.

The samples go to the file at that place, pixel after pixel, as u1, u2 or f4 of this machine's byte order; alpha that is opaque
throughout is left out."""

import json
import sys
import warnings

import numpy as np
from PIL import Image, ImageOps

try:
    import cv2
except ImportError:
    cv2 = None

warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = None


def by_pillow(path):
    picture = Image.open(path)
    picture.seek(0)
    picture.load()
    picture = ImageOps.exif_transpose(picture)
    if picture.mode == "P":
        colours = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
        picture = colours
    elif picture.mode == "PA":
        picture = picture.convert("RGBA")
    elif picture.mode == "1":
        picture = picture.convert("L")
    elif "transparency" in picture.info and picture.mode in ("L", "RGB"):
        picture = picture.convert("LA" if picture.mode == "L" else "RGBA")
    if picture.mode not in ("L", "LA", "RGB", "RGBA", "F", "I;16", "I;16B", "I"):
        raise ValueError("mode " + picture.mode)
    samples = np.asarray(picture)
    return samples.astype("u2") if picture.mode.startswith("I") else samples


def by_opencv(path):
    samples = cv2.imread(path, cv2.IMREAD_UNCHANGED) if cv2 else None
    if samples is None:
        raise ValueError("not read")
    if samples.ndim == 3:
        samples = samples[..., [2, 1, 0] + [3][: samples.shape[2] - 3]]
    return samples


def plain(samples):
    samples = samples[..., None] if samples.ndim == 2 else samples
    white = {"uint8": 255, "uint16": 65535}.get(str(samples.dtype))
    if samples.shape[2] in (2, 4) and white and (samples[..., -1] == white).all():
        samples = samples[..., :-1]
    return np.ascontiguousarray(samples)


for line in sys.stdin:
    decoder, path, place = line.rstrip("\n").split("\t")
    try:
        samples = plain((by_pillow if decoder == "Pillow" else by_opencv)(path))
        kind = samples.dtype.kind + str(samples.dtype.itemsize)
        if kind not in ("u1", "u2", "f4"):
            raise ValueError(kind)
        samples.tofile(place)
        answer = {"shape": samples.shape, "type": kind}
    except Exception as error:  # whatever a broken file makes of a decoder
        answer = {"error": str(error)[:200]}
    print(json.dumps(answer), flush=True)
