"""Filters one picture with a Python library, as a user of that library would, and writes the result as PNG.

Usage: filter.py <OpenCV|SciPy|Pillow> <before> <after> <job as JSON>
The job: call (the function's name), mode (the border, as the library names it), taps (rows, or outputs of inputs of rows)
and offset (in levels). Nothing here knows how corr2d computes.
"""

import json
import sys

program, before, after, job = *sys.argv[1:4], json.loads(sys.argv[4])


def with_opencv():
    import cv2
    import numpy

    picture = cv2.imread(before, cv2.IMREAD_UNCHANGED)
    border = getattr(cv2, "BORDER_" + job["mode"])
    taps = numpy.array(job["taps"])
    cv2.imwrite(after, cv2.filter2D(picture, -1, taps, delta=job["offset"], borderType=border))


def with_scipy():
    import numpy
    from PIL import Image
    from scipy import ndimage

    picture = numpy.asarray(Image.open(before)).astype(float)
    filtered = getattr(ndimage, job["call"])
    taps = numpy.array(job["taps"])
    if taps.ndim == 4:
        planes = [
            sum(filtered(picture[..., i], channel, mode=job["mode"]) for i, channel in enumerate(output))
            for output in taps
        ]
    elif picture.ndim == 3:
        planes = [filtered(picture[..., i], taps, mode=job["mode"]) for i in range(picture.shape[2])]
    else:
        planes = [filtered(picture, taps, mode=job["mode"])]
    response = numpy.squeeze(numpy.stack(planes, axis=-1)) + job["offset"]
    Image.fromarray(numpy.clip(numpy.rint(response), 0, 255).astype(numpy.uint8)).save(after)


def with_pillow():
    from PIL import Image, ImageFilter

    taps = job["taps"]
    flat = [tap for row in taps for tap in row]
    kernel = ImageFilter.Kernel((len(taps[0]), len(taps)), flat, scale=1, offset=job["offset"])
    Image.open(before).filter(kernel).save(after)


{"OpenCV": with_opencv, "SciPy": with_scipy, "Pillow": with_pillow}[program]()
