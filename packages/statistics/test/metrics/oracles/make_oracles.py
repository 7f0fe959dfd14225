"""Makes oracles.json: reference values for packages/statistics/metrics, from libraries that share no code with it.

    pip install scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6
    python packages/statistics/test/metrics/oracles/make_oracles.py > packages/statistics/test/metrics/oracles/oracles.json

Points come from scikit-learn. AUC variances are the double loop of DeLong et al. (1988), written as in the paper.
Standard errors of other metrics are the metric's numerical derivative by the weight of each row (scikit-learn's
sample_weight), which knows nothing of the closed formulas. Wilson intervals come from scipy.
"""

import json
import sys

import numpy as np
from scipy import stats
from sklearn import metrics as sk

FLOOR = 1e-15
Z = stats.norm.ppf(0.975)


def wilson(successes, trials):
    if trials == 0:
        return [0.0, 1.0]
    interval = stats.binomtest(int(successes), int(trials)).proportion_ci(0.95, method="wilson")
    return [float(interval.low), float(interval.high)]


def kernel(positive, negative):
    return 1.0 if positive > negative else 0.5 if positive == negative else 0.0


def delong_components(labels, scores):
    positives, negatives = scores[labels == 1], scores[labels == 0]
    v10 = np.array([np.mean([kernel(x, y) for y in negatives]) for x in positives])
    v01 = np.array([np.mean([kernel(x, y) for x in positives]) for y in negatives])
    return v10, v01


def delong_error(v10, v01):
    return float(np.sqrt(np.var(v10, ddof=1) / len(v10) + np.var(v01, ddof=1) / len(v01)))


def influence(metric, rows):
    """Derivative of metric(weights) by each row's weight, times the rows; central differences."""
    step, columns = 1e-4, []
    for row in range(rows):
        up, down = np.ones(rows), np.ones(rows)
        up[row] += step
        down[row] -= step
        columns.append((metric(up) - metric(down)) / (2 * step) * rows)
    return np.array(columns)


def error_of(values):
    return float(np.std(values, ddof=1) / np.sqrt(len(values)))


def calibration_error(labels, probabilities, bins=10):
    index = np.minimum(np.floor(probabilities * bins).astype(int), bins - 1)
    return float(
        sum(
            np.mean(index == b) * abs(np.mean(labels[index == b]) - np.mean(probabilities[index == b]))
            for b in np.unique(index)
        )
    )


def of_truth(labels, probabilities):
    return np.clip(np.where(labels == 1, probabilities, 1 - probabilities), FLOOR, 1)


def log_losses(labels, probabilities):
    return -np.log(of_truth(labels, probabilities))


def log_loss(labels, probabilities):
    """scikit-learn's, with our floor under the probability of the true class."""
    p = of_truth(labels, probabilities)
    return sk.log_loss(labels, np.column_stack([np.where(labels == 1, 1 - p, p), np.where(labels == 1, p, 1 - p)]))


def binary_case(name, labels, first, second):
    predicted = (first >= 0.5).astype(int)
    tn, fp, fn, tp = (int(v) for v in sk.confusion_matrix(labels, predicted, labels=[0, 1]).ravel())
    v10, v01 = delong_components(labels, first)
    w10, w01 = delong_components(labels, second)
    jaccard = wilson(tp, tp + fp + fn)
    rows = len(labels)

    def weighted(metric, scores):
        positive = (scores >= 0.5).astype(int)
        return influence(lambda w: metric(labels, positive, sample_weight=w, zero_division=0), rows)

    value = {
        "auc": sk.roc_auc_score(labels, first),
        "logLoss": log_loss(labels, first),
        "accuracy": sk.accuracy_score(labels, predicted),
        "precision": sk.precision_score(labels, predicted, zero_division=0),
        "recall": sk.recall_score(labels, predicted),
        "f1": sk.f1_score(labels, predicted, zero_division=0),
        "brier": sk.brier_score_loss(labels, first),
        "calibrationError": calibration_error(labels, first),
    }
    errors = {
        "auc": delong_error(v10, v01),
        "logLoss": error_of(log_losses(labels, first)),
        "brier": error_of((first - labels) ** 2),
    }
    bounds = {
        "accuracy": wilson(tp + tn, rows),
        "precision": wilson(tp, tp + fp),
        "recall": wilson(tp, tp + fn),
        "f1": [2 * j / (1 + j) for j in jaccard],
    }
    differences = {
        "auc": [value["auc"] - sk.roc_auc_score(labels, second), delong_error(v10 - w10, v01 - w01)],
        "logLoss": mean_difference(log_losses(labels, first), log_losses(labels, second)),
        "brier": mean_difference((first - labels) ** 2, (second - labels) ** 2),
        "accuracy": mean_difference(
            (predicted == labels).astype(float), ((second >= 0.5) == (labels == 1)).astype(float)
        ),
    }
    if tp + fp > 0:
        for metric, function in [("precision", sk.precision_score), ("recall", sk.recall_score), ("f1", sk.f1_score)]:
            other = function(labels, (second >= 0.5).astype(int))
            differences[metric] = [
                value[metric] - other,
                error_of(weighted(function, first) - weighted(function, second)),
            ]
    return {
        "name": name,
        "labels": labels.tolist(),
        "first": first.tolist(),
        "second": second.tolist(),
        "values": value,
        "standardErrors": errors,
        "intervals": bounds,
        "differences": differences,
    }


def mean_difference(first, second):
    return [float(np.mean(first) - np.mean(second)), error_of(first - second)]


def multiclass_case(name, labels, probabilities, classes):
    rows = len(labels)
    known = np.where(labels < 0, classes, labels)
    predicted = np.argmax(probabilities, axis=1)
    truth = np.where(labels < 0, 0.0, probabilities[np.arange(rows), np.maximum(labels, 0)])
    losses = -np.log(np.clip(truth, FLOOR, 1))
    macro = {
        "macroPrecision": sk.precision_score,
        "macroRecall": sk.recall_score,
        "macroF1": sk.f1_score,
    }
    values = {"logLoss": float(np.mean(losses)), "accuracy": sk.accuracy_score(known, predicted)}
    errors = {"logLoss": error_of(losses)}
    for metric, function in macro.items():
        values[metric] = function(known, predicted, average="macro", zero_division=0)
        errors[metric] = error_of(
            influence(
                lambda w, f=function: f(known, predicted, average="macro", zero_division=0, sample_weight=w), rows
            )
        )
    return {
        "name": name,
        "labels": labels.tolist(),
        "classes": classes,
        "probabilities": probabilities.ravel().tolist(),
        "values": values,
        "standardErrors": errors,
        "intervals": {"accuracy": wilson(np.sum(known == predicted), rows)},
        "confusion": sk.confusion_matrix(known, predicted, labels=list(range(classes + 1))).tolist(),
    }


def regression_case(name, labels, first, second):
    rows, present = len(labels), labels != 0
    functions = {
        "rmse": lambda p, w: np.sqrt(sk.mean_squared_error(labels, p, sample_weight=w)),
        "mae": lambda p, w: sk.mean_absolute_error(labels, p, sample_weight=w),
        "r2": lambda p, w: sk.r2_score(labels, p, sample_weight=w),
        "mape": lambda p, w: sk.mean_absolute_percentage_error(labels[present], p[present], sample_weight=w[present]),
    }
    one = np.ones(rows)
    values, errors, differences = {}, {}, {}
    for metric, function in functions.items():
        ours = influence(lambda w, f=function: f(first, w), rows)
        theirs = influence(lambda w, f=function: f(second, w), rows)
        values[metric] = float(function(first, one))
        errors[metric] = error_of(ours)
        differences[metric] = [values[metric] - float(function(second, one)), error_of(ours - theirs)]
    return {
        "name": name,
        "labels": labels.tolist(),
        "first": first.tolist(),
        "second": second.tolist(),
        "values": values,
        "standardErrors": errors,
        "differences": differences,
    }


def main():
    random = np.random.default_rng(20260101)
    sigmoid = lambda x: 1 / (1 + np.exp(-x))

    def binary_data(rows, shift, digits):
        signal = random.normal(size=rows)
        labels = (random.random(rows) < sigmoid(signal + shift)).astype(int)
        first = np.round(sigmoid(signal + shift + random.normal(size=rows)), digits)
        second = np.round(sigmoid(signal + shift + 1.5 * random.normal(size=rows)), digits)
        return labels, first, second

    ties = binary_data(160, 0.2, 1)
    rare = binary_data(150, -2.0, 5)
    certain = binary_data(40, 0.0, 4)
    certain[1][:3] = [0.0, 1.0, 1.0]
    never = (rare[0], np.round(rare[1] / 2.1, 5), rare[2])

    raw = random.normal(size=(150, 3))
    classes = np.argmax(raw + random.normal(size=(150, 3)), axis=1)
    softmax = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    softmax = np.round(softmax, 6)
    unknown = classes.copy()
    unknown[:4] = -1
    lopsided = softmax.copy()
    lopsided[:, 2] = 0.0

    truth = np.round(random.normal(10, 4, size=140), 3)
    truth[:6] = 0.0
    near = np.round(truth + random.normal(0, 2, size=140), 3)
    far = np.round(truth + random.standard_t(5, size=140) * 2 + 0.3, 3)

    oracles = {
        "quantiles": [[p, float(stats.norm.ppf(p))] for p in [1e-300, 1e-12, 1e-4, 0.024, 0.2, 0.5, 0.81, 0.975, 0.9999]],
        "binary": [
            binary_case("ties", *ties),
            binary_case("rare positives", *rare),
            binary_case("probabilities of exactly 0 and 1", *certain),
            binary_case("no predicted positive", *never),
        ],
        "multiclass": [
            multiclass_case("three classes", classes, softmax, 3),
            multiclass_case("a class the model does not know", unknown, softmax, 3),
            multiclass_case("a class that is never predicted", classes, lopsided, 3),
        ],
        "regression": [regression_case("heavy tails and zeros", truth, near, far)],
    }
    json.dump(oracles, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


main()
