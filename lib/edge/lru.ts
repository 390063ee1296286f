/** A map that forgets what was used least recently once it holds too many or too heavy values. */
export class BoundedMap<Value extends { readonly bytes: number }> {
  private readonly values = new Map<string, Value>();
  private readonly limits: { readonly entries: number; readonly bytes: number };
  private held = 0;

  constructor(limits: { readonly entries: number; readonly bytes: number }) {
    this.limits = limits;
  }

  get size(): number {
    return this.values.size;
  }

  get bytes(): number {
    return this.held;
  }

  /** Looks a value up without counting it as used: the hot path must not move anything. */
  peek(key: string): Value | undefined {
    return this.values.get(key);
  }

  /** Counts a value as used just now. */
  touch(key: string): void {
    const value = this.values.get(key);
    if (value === undefined) return;
    this.values.delete(key);
    this.values.set(key, value);
  }

  /** Keeps a value, unless it alone is heavier than everything may be. */
  set(key: string, value: Value): void {
    this.delete(key);
    if (value.bytes > this.limits.bytes) return;
    this.values.set(key, value);
    this.held += value.bytes;
    for (const oldest of this.values.keys()) {
      if (this.values.size <= this.limits.entries && this.held <= this.limits.bytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const value = this.values.get(key);
    if (value === undefined) return;
    this.values.delete(key);
    this.held -= value.bytes;
  }
}
