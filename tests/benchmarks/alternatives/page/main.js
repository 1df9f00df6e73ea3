// What a tutorial would write: the whole library, a layers model, and a guess on the page's own thread after each stroke.
const pad = document.getElementById("pad");
const context = pad.getContext("2d");
context.lineWidth = 12;
context.lineCap = "round";

const model = tf.loadLayersModel("/model.json");

function read() {
  return tf.tidy(() => {
    const small = tf.image.resizeBilinear(tf.browser.fromPixels(pad, 4).slice([0, 0, 3]), [28, 28]);
    return small.toFloat().div(255).expandDims(0);
  });
}

async function guess() {
  const network = await model;
  const [input, labels] = [read(), document.getElementById("guesses")];
  const shares = tf.tidy(() => network.predict(input).softmax().dataSync());
  input.dispose();
  labels.replaceChildren(
    ...[...shares].map((share, index) => {
      const line = document.createElement("li");
      line.textContent = `${index}: ${share.toFixed(2)}`;
      return line;
    }),
  );
}

const place = ({ clientX, clientY }) => {
  const frame = pad.getBoundingClientRect();
  return [clientX - frame.left, clientY - frame.top];
};
pad.addEventListener("pointerdown", (event) => {
  context.beginPath();
  context.moveTo(...place(event));
});
pad.addEventListener("pointermove", (event) => {
  if (!event.buttons) return;
  context.lineTo(...place(event));
  context.stroke();
});
pad.addEventListener("pointerup", () => void guess());
document.querySelector(".stage").dataset.phase = "drawing";

// For the benchmark: the clock of guesses of the drawing as it is, each waited for.
globalThis.timeGuesses = async (numGuesses) => {
  const network = await model;
  const [input, seconds] = [read(), []];
  for (let number = 0; number < numGuesses; number += 1) {
    const start = performance.now();
    const logits = network.predict(input);
    await logits.data();
    seconds.push((performance.now() - start) / 1000);
    logits.dispose();
  }
  return { seconds, backend: tf.getBackend() };
};
