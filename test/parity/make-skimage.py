"""Writes what scikit-image's edge filters give on samples/camera.png, for skimage.test.ts to compare with.

    python3 test/parity/make-skimage.py

The vectors beside this file come from scikit-image 0.19.3 with NumPy 1.24.2 (Debian 12: python3-skimage).

The picture is given as float64, 0 to 1. Each filter divides by the sum of its smoothing taps, so its results, times that
sum and 255, are whole numbers: this is checked here, and it is those that are written, of every sample of the picture.

  skimage-rows.npy       uint32, filter x row: CRC-32 of each row of the whole picture as little-endian int16
  skimage-crop.npy       int16, filter x row x column: rows and columns 200 to 247 themselves, to look at
  skimage-magnitude.npy  float64, filter x row x column: the same crop of sobel, scharr, prewitt and roberts
"""

from pathlib import Path
from zlib import crc32

import numpy as np
from skimage import filters, io

HERE = Path(__file__).resolve().parent
DIRECTIONS = [
    (filters.sobel_v, 4),
    (filters.sobel_h, 4),
    (filters.scharr_v, 16),
    (filters.scharr_h, 16),
    (filters.prewitt_v, 3),
    (filters.prewitt_h, 3),
    (filters.roberts_pos_diag, 1),
    (filters.roberts_neg_diag, 1),
]
MAGNITUDES = [filters.sobel, filters.scharr, filters.prewitt, filters.roberts]
CROP = (slice(200, 248), slice(200, 248))

picture = io.imread(HERE / "../../samples/camera.png")
assert picture.dtype == np.uint8 and picture.shape == (512, 512)
unit = picture / 255.0


def whole_numbers(direction, scale):
    response = direction(unit) * scale * 255
    whole = np.rint(response)
    assert np.abs(response - whole).max() < 1e-10, direction.__name__
    return whole.astype("<i2")


responses = np.stack([whole_numbers(*entry) for entry in DIRECTIONS])
rows = np.array([[crc32(row.tobytes()) for row in response] for response in responses], dtype="<u4")
np.save(HERE / "skimage-rows.npy", rows)
np.save(HERE / "skimage-crop.npy", np.stack([response[CROP] for response in responses]))
np.save(HERE / "skimage-magnitude.npy", np.stack([magnitude(unit)[CROP] for magnitude in MAGNITUDES]))
