"""
Train our networks in PyTorch; runs in an environment of its own, which has PyTorch and knows nothing of ours.

    python pytorch_training.py ROWS.npz THREADS

ROWS holds bitmaps, uint8 (n, 28, 28), and labels, int64 (n,). Each line of standard input is an order as JSON
({"network", "precision", "clock"}): train all rows once; the answer is a line {"seconds", "num_parameters"}. All that
our training does at a step is done: shuffling, augmentation, label smoothing, weights of rows, AdamW with a rate that
falls along a cosine, moving averages of the weights, loss and accuracy for who watches. Memory is laid out channels
last, which is the faster way here.
"""

import json
import math
import sys
import time
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]
from torch import nn
from torch.nn import functional as F  # type: ignore[import-not-found]  # noqa: N812

BATCH_SIZE = 64
NUM_STEPS = 10_000
"""Of the whole schedule; more than are ever taken."""


def convolve(num_in: int, num_out: int) -> Any:
    """3x3, batch normalisation with Keras' defaults, ReLU."""
    norm = nn.BatchNorm2d(num_out, eps=1e-3, momentum=0.01)
    return nn.Sequential(nn.Conv2d(num_in, num_out, 3, padding=1, bias=False), norm, nn.ReLU(inplace=True))


class Doodlenet(nn.Module):  # type: ignore[misc]
    """training_server.networks.doodlenet, layer by layer."""

    def __init__(self, num_labels: int) -> None:
        super().__init__()
        self.stem, self.widen, self.body = convolve(1, 16), convolve(16, 24), convolve(24, 48)
        self.residual, self.head = convolve(48, 48), convolve(48, 96)
        self.dropout, self.logits = nn.Dropout(0.2), nn.Linear(96, num_labels)

    def forward(self, x: Any) -> Any:
        """float32 (batch, 1, 28, 28) -> (batch, num_labels)."""
        x = F.max_pool2d(self.stem(x), 2)
        x = self.body(F.max_pool2d(self.widen(x), 2))
        x = self.head(F.max_pool2d(x + self.residual(x), 2))
        return self.logits(self.dropout(x.mean((2, 3))))


def make_cnn(num_labels: int) -> Any:
    """training_server.networks.cnn, layer by layer."""
    return nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, num_labels)),
    )


NETWORKS = {"cnn": make_cnn, "doodlenet": Doodlenet}


def augment(images: Any) -> Any:
    """Change each drawing as training_server.augmentation does: rotate, stretch, shear, shift, mirror."""
    chance = torch.rand(7, len(images)) * 2 - 1
    angle, shear = 0.2 * chance[0], 0.15 * chance[3]
    stretch_x, stretch_y = torch.exp(0.15 * chance[1]), torch.exp(0.15 * chance[2])
    stretch_x = torch.where(chance[6] < 0, -stretch_x, stretch_x)
    across = (torch.cos(angle) * stretch_x, (shear * angle.cos() - angle.sin()) * stretch_y, 1.5 / 14 * chance[4])
    down = (torch.sin(angle) * stretch_x, (shear * angle.sin() + angle.cos()) * stretch_y, 1.5 / 14 * chance[5])
    transforms = torch.stack([torch.stack(across, 1), torch.stack(down, 1)], 1)
    places = F.affine_grid(transforms, images.shape, align_corners=False)
    return F.grid_sample(images, places, align_corners=False)


class Training:
    """A network in training."""

    def __init__(self, network: Any, precision: str) -> None:
        self.network = network.to(memory_format=torch.channels_last).train()
        self.is_narrow = precision == "bfloat16"
        self.weights = list(self.network.parameters())
        decayed = [each for each in self.weights if each.ndim > 1]
        others = [each for each in self.weights if each.ndim == 1]
        groups = [{"params": decayed, "weight_decay": 1e-4}, {"params": others, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=5e-3, fused=True)
        self.rates = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: 0.505 + 0.495 * math.cos(math.pi * step / NUM_STEPS)
        )
        self.averages = [each.detach().clone() for each in self.weights]

    def run_epoch(self, bitmaps: Any, labels: Any, row_weights: Any) -> tuple[float, int]:
        """Show every row once; give the loss and how many were right."""
        loss_sum, num_right = 0.0, 0
        order = torch.randperm(len(bitmaps))
        for start in range(0, len(order), BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            loss, right = self.take_step(bitmaps[rows], labels[rows], row_weights[rows])
            loss_sum += loss.item() * len(rows)
            num_right += int(right)
        return loss_sum / len(order), num_right

    def take_step(self, bitmaps: Any, labels: Any, row_weights: Any) -> tuple[Any, Any]:
        """Give the loss, and how many rows were right."""
        images = augment(bitmaps.float().div_(255).unsqueeze(1)).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.is_narrow):
            logits = self.network(images)
        losses = F.cross_entropy(logits.float(), labels, label_smoothing=0.05, reduction="none")
        loss = (row_weights * losses).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.rates.step()
        torch._foreach_lerp_(self.averages, [each.detach() for each in self.weights], 0.002)
        return loss.detach(), (logits.argmax(1) == labels).sum()


def count_parameters(network: Any) -> int:
    """Count weights and statistics, as Keras does."""
    buffers = (each for each in network.buffers() if each.ndim)
    return sum(each.numel() for each in (*network.parameters(), *buffers))


def main(rows_path: str, num_threads: int) -> None:
    """Obey until standard input ends."""
    torch.set_num_threads(num_threads)
    torch.manual_seed(0)
    rows = np.load(rows_path)
    bitmaps, labels = torch.from_numpy(rows["bitmaps"]), torch.from_numpy(rows["labels"])
    row_weights = torch.ones(len(labels))
    trainings: dict[str, Training] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if line not in trainings:
            trainings[line] = Training(NETWORKS[order["network"]](int(labels.max()) + 1), order["precision"])
        clock = getattr(time, order["clock"])
        began = clock()
        trainings[line].run_epoch(bitmaps, labels, row_weights)
        seconds = clock() - began
        answer = {"seconds": seconds, "num_parameters": count_parameters(trainings[line].network)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
