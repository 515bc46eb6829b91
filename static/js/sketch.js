/** The shape being drawn, point by point: the map writes it, the panel reads it. */
class Sketch extends EventTarget {
  value = { points: [], pointer: null };

  set(value) {
    this.value = value;
    this.dispatchEvent(new CustomEvent("change"));
  }
}

export const sketch = new Sketch();
