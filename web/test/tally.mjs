// Prints one line for each test, and the totals last.

export class Tally {
  #passed = 0;
  #failed = 0;

  async test(name, body) {
    try {
      const remark = await body();
      this.#passed += 1;
      console.log(`ok    ${name}${remark ? `: ${remark}` : ''}`);
    } catch (error) {
      this.#failed += 1;
      console.log(`FAILS ${name}: ${error.message}`);
    }
  }

  /** Prints the totals and sets the exit code. */
  end() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    process.exitCode = this.#failed > 0 ? 1 : 0;
  }
}

export function check(condition, sentence) {
  if (!condition) {
    throw new Error(sentence);
  }
}
