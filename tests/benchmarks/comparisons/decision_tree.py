"""
Train a decision tree on pixels; runs in an environment of its own, which has scikit-learn and knows nothing of ours.

    python decision_tree.py ROWS.npz ANSWERS.npz SEED

ROWS holds training_bitmaps, training_labels, holdout_bitmaps: uint8 (n, height, width), int64 (n,). ANSWERS gets
probabilities, float64 (n, num_labels), and num_nodes.
"""

import sys

import numpy as np
from sklearn.model_selection import train_test_split  # type: ignore[import-not-found]
from sklearn.tree import DecisionTreeClassifier  # type: ignore[import-not-found]

LEAF_SIZES = (1, 3, 10, 30, 100)
"""Smallest leaves that are tried; the best on a tenth of the training rows is taken."""


def main(rows_path: str, answers_path: str, seed: int) -> None:
    """Choose the size of leaves, train on all rows, answer the holdout."""
    rows = np.load(rows_path)
    pixels, labels = rows["training_bitmaps"].reshape(len(rows["training_labels"]), -1), rows["training_labels"]
    kept, held, kept_labels, held_labels = train_test_split(
        pixels, labels, test_size=0.1, random_state=seed, stratify=labels
    )
    scores = {
        size: DecisionTreeClassifier(min_samples_leaf=size, random_state=seed)
        .fit(kept, kept_labels)
        .score(held, held_labels)
        for size in LEAF_SIZES
    }
    best = max(scores, key=lambda size: scores[size])
    tree = DecisionTreeClassifier(min_samples_leaf=best, random_state=seed).fit(pixels, labels)
    holdout = rows["holdout_bitmaps"]
    probabilities = tree.predict_proba(holdout.reshape(len(holdout), -1))
    np.savez(answers_path, probabilities=probabilities, num_nodes=tree.tree_.node_count)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
