// A pad to draw a digit on, by pointer or by keyboard. What is drawn is kept as strokes; after every change it is sent to be classified,
// one call at a time.
const penWidth = 0.085;
const coarseStep = 0.05;
const fineStep = 0.0125;

export function attach(canvas, page) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const card = canvas.parentElement;
  const status = card.querySelector("[data-pad=status]");
  const ends = new AbortController();
  let strokes = [];
  let current = null;
  let pen = { x: 0.5, y: 0.3, isShown: false, isDown: false };
  let isSending = false;
  let isChanged = false;

  function paint(target, side, withPen) {
    target.clearRect(0, 0, side, side);
    target.lineCap = target.lineJoin = "round";
    target.lineWidth = penWidth * side;
    target.strokeStyle = target.fillStyle = "#000";
    for (const stroke of strokes) {
      target.beginPath();
      target.moveTo(stroke[0].x * side, stroke[0].y * side);
      // Through the middles between the points: the line bends and has no corners where the hand had none.
      for (let i = 1; i < stroke.length - 1; i++) {
        const [a, b] = [stroke[i], stroke[i + 1]];
        target.quadraticCurveTo(a.x * side, a.y * side, ((a.x + b.x) / 2) * side, ((a.y + b.y) / 2) * side);
      }

      const last = stroke[stroke.length - 1];
      target.lineTo(last.x * side, last.y * side);
      target.stroke();
    }

    if (withPen && pen.isShown) {
      target.beginPath();
      target.arc(pen.x * side, pen.y * side, (penWidth * side) / 2, 0, 2 * Math.PI);
      target.lineWidth = 2;
      target.strokeStyle = pen.isDown ? "#d55e00" : "#0072b2";
      target.stroke();
    }
  }

  // The ink alone, at the size that the coordinator expects.
  function ink() {
    const side = Number(canvas.getAttribute("data-side"));
    const small = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
    paint(small, side, false);
    const pixels = small.getImageData(0, 0, side, side).data;
    const values = new Uint8Array(side * side);
    for (let i = 0; i < values.length; i++) {
      values[i] = pixels[4 * i + 3];
    }

    return values;
  }

  async function send() {
    isChanged = true;
    if (isSending) {
      return;
    }

    isSending = true;
    try {
      while (isChanged && !ends.signal.aborted) {
        isChanged = false;
        await page.invokeMethodAsync("ClassifyAsync", ink());
      }
    } finally {
      isSending = false;
    }
  }

  function changed() {
    paint(context, canvas.width, true);
    void send();
  }

  function at(event) {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  function say(text) {
    status.textContent = text;
  }

  function undo() {
    current = null;
    pen.isDown = false;
    strokes.pop();
    changed();
    say("The last stroke is gone.");
  }

  function clear() {
    current = null;
    pen.isDown = false;
    strokes = [];
    changed();
    say("The drawing is empty.");
  }

  const listen = (target, type, handler) => target.addEventListener(type, handler, { signal: ends.signal });

  listen(canvas, "pointerdown", event => {
    if (event.button !== 0) {
      return;
    }

    canvas.setPointerCapture(event.pointerId);
    pen = { ...at(event), isShown: false, isDown: false };
    current = [at(event)];
    strokes.push(current);
    changed();
    event.preventDefault();
  });
  listen(canvas, "pointermove", event => {
    if (current && canvas.hasPointerCapture(event.pointerId)) {
      current.push(...(event.getCoalescedEvents?.() ?? [event]).map(at));
      changed();
    }
  });
  for (const type of ["pointerup", "pointercancel"]) {
    listen(canvas, type, () => {
      current = null;
    });
  }

  listen(canvas, "keydown", event => {
    const step = event.shiftKey ? fineStep : coarseStep;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (move) {
      const within = value => Math.min(0.96, Math.max(0.04, value));
      pen = { ...pen, x: within(pen.x + move[0]), y: within(pen.y + move[1]), isShown: true };
      if (pen.isDown) {
        current.push({ x: pen.x, y: pen.y });
        changed();
      } else {
        paint(context, canvas.width, true);
      }
    } else if (event.key === " ") {
      pen = { ...pen, isShown: true, isDown: !pen.isDown };
      current = pen.isDown ? [{ x: pen.x, y: pen.y }] : null;
      if (current) {
        strokes.push(current);
      }

      changed();
      say(pen.isDown ? "Pen down." : "Pen up.");
    } else if (event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey))) {
      undo();
    } else if (event.key === "Delete") {
      clear();
    } else {
      return;
    }

    event.preventDefault();
  });
  listen(canvas, "focus", () => {
    pen.isShown = canvas.matches(":focus-visible");
    paint(context, canvas.width, true);
  });
  listen(canvas, "blur", () => {
    pen.isShown = false;
    pen.isDown = false;
    paint(context, canvas.width, true);
  });
  listen(card.querySelector("[data-pad=undo]"), "click", undo);
  listen(card.querySelector("[data-pad=clear]"), "click", clear);

  return { detach: () => ends.abort() };
}
