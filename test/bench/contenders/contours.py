"""The net of src/contours in PyTorch, driven by cases/contours.mjs: one JSON request a line, one answer a line.

{"do": "apply", "net": path, "picture": path, "height": h, "width": w, "to": path, "threads": n}: strengths of a picture's contours, ms
{"do": "export", "net": path, "height": h, "width": w, "to": path}: the same as a file of ONNX
{"do": "train", "net": path, "steps": n, "batch": b, "side": s, "threads": t}: ms for steps of Adam on random crops
"""

import json
import math
import sys
import time
import warnings

import numpy as np
import torch
import torch.nn.functional as F

MEANS = (0.43, 0.44, 0.36)


class Net:
    def __init__(self, path):
        given = json.load(open(path))
        self.widths, self.blocks, self.lateral = given["widths"], given["blocks"], given["lateral"]
        self.weights = torch.tensor(given["weights"], dtype=torch.float32)
        g = [math.exp(-k * k / (2 * 0.81)) for k in (0, 1, 2)]
        total, moment = g[0] + 2 * g[1] + 2 * g[2], 2 * (g[1] + 4 * g[2])
        smooth = torch.tensor([g[2], g[1], g[0], g[1], g[2]]) / total
        slope = torch.tensor([-2 * g[2], -g[1], 0, g[1], 2 * g[2]]) * 2 / moment
        self.across = (smooth[:, None] * slope[None, :]).reshape(1, 1, 5, 5).repeat(3, 1, 1, 1)
        self.down = (slope[:, None] * smooth[None, :]).reshape(1, 1, 5, 5).repeat(3, 1, 1, 1)

    def features(self, c):
        p = F.pad(c, (2, 2, 2, 2), mode="replicate")
        gx, gy = F.conv2d(p, self.across, groups=3), F.conv2d(p, self.down, groups=3)
        squares = gx * gx + gy * gy
        roots = torch.sqrt(squares.sum(1, keepdim=True) + 1e-4)
        mean = F.avg_pool2d(F.pad(roots, (4, 4, 4, 4), mode="replicate"), 9, 1)
        gradients = torch.stack([gx, gy], 2).flatten(1, 2)
        return torch.cat([c, gradients, torch.sqrt(squares + 1e-4), roots / (mean + 0.1)], 1)

    def logits(self, x, weights):
        at = 0

        def take(*shape):
            nonlocal at
            length = math.prod(shape)
            part = weights[at : at + length].reshape(shape)
            at += length
            return part

        def convolve(channels, outputs, size, groups=1):
            return take(outputs, channels // groups, size, size), take(outputs)

        def block(width):
            return convolve(width, width, 3, width), convolve(width, width, 1)

        levels = []
        for i, width in enumerate(self.widths):
            level = {"features": convolve(13, width, 1)}
            if i:
                level["finer"] = convolve(self.widths[i - 1], width, 1)
            level["blocks"] = [block(width) for _ in range(self.blocks[i])]
            level["lateral"] = convolve(width, self.lateral, 1)
            level["after"] = block(self.lateral)
            levels.append(level)
        last = convolve(self.lateral, 1, 1)

        def residual(x, parts):
            (dw, db), (pw, pb) = parts
            inside = F.relu(F.conv2d(x, dw, db, padding=1, groups=x.shape[1]))
            return x + F.conv2d(inside, pw, pb)

        x = F.avg_pool2d(x * 4 - 4 * torch.tensor(MEANS).reshape(1, 3, 1, 1), 2)
        r, g, b = x[:, 0:1], x[:, 1:2], x[:, 2:3]
        c = torch.cat([(r + g + b) / 3, r - g, (r + g) / 2 - b], 1)
        found = []
        for i, level in enumerate(levels):
            if i:
                c = F.avg_pool2d(c, 2)
            z = F.conv2d(self.features(c), *level["features"])
            if i:
                z = z + F.conv2d(F.avg_pool2d(found[-1], 2), *level["finer"])
            y = F.relu(z)
            for parts in level["blocks"]:
                y = residual(y, parts)
            found.append(y)
        y = None
        for level, x in zip(reversed(levels), reversed(found)):
            z = F.conv2d(x, *level["lateral"])
            if y is not None:
                z = z + F.interpolate(y, scale_factor=2, mode="bilinear", align_corners=False)
            y = residual(F.relu(z), level["after"])
        return F.conv2d(y, *last)


class Strength(torch.nn.Module):
    """Strengths of the contours of one picture."""

    def __init__(self, net):
        super().__init__()
        self.net = Net(net)

    def forward(self, x):
        height, width = x.shape[2:]
        step = 2 ** len(self.net.widths)
        padded = F.pad(x, (0, -width % step, 0, -height % step), mode="replicate")
        logits = self.net.logits(padded, self.net.weights)
        likelihood = torch.sigmoid(F.interpolate(logits, scale_factor=2, mode="bilinear", align_corners=False))
        return torch.sqrt(likelihood)[0, 0, :height, :width]


def apply(net, picture, height, width, to, threads):
    torch.set_num_threads(threads)
    strength = Strength(net)
    x = torch.tensor(np.fromfile(picture, np.float32)).reshape(1, 3, height, width)
    start = time.perf_counter()
    with torch.inference_mode():
        found = strength(x).contiguous()
    ms = 1000 * (time.perf_counter() - start)
    found.numpy().tofile(to)
    return {"ms": ms}


def export(net, height, width, to):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Strength(net), torch.zeros(1, 3, height, width), to, opset_version=13, input_names=["x"], output_names=["y"]
        )
    return {}


def train(net, steps, batch, side, threads):
    torch.set_num_threads(threads)
    net = Net(net)
    weights = net.weights.clone().requires_grad_(True)
    adam = torch.optim.Adam([weights], lr=0.01)
    crops = torch.rand(batch, 3, side, side)
    target = torch.rand(batch, 1, side // 2, side // 2)
    start = time.perf_counter()
    for _ in range(steps):
        adam.zero_grad()
        F.binary_cross_entropy_with_logits(net.logits(crops, weights), target).backward()
        torch.nn.utils.clip_grad_norm_([weights], 1)
        adam.step()
    return {"ms": 1000 * (time.perf_counter() - start)}


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    run = {"apply": apply, "export": export, "train": train}[request.pop("do")]
    print(json.dumps(run(**request)), flush=True)
