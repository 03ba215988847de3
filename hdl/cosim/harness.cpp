// harness.cpp - a generated core in Verilator, spoken to over pipes.
//
// Numbers are 32 bits, little endian. In: {magic, seed, stall, limit}, then for
// each sequence {steps, steps * INPUTS words}. Out: {magic, width, inputs,
// outputs, units, unfolds}, then for each step {cycles, OUTPUTS words,
// unfolds * units of {unfold << 16 | neuron, word}} and after the last step of
// a sequence {framing_error, saturated}. A protocol fault of the core (late,
// TLAST in the wrong place, too many writes) ends the program with a sentence
// on stderr. stall: of 256 cycles how many hold back an input beat or refuse a
// result beat, drawn from seed.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "Vqn_top.h"
#include "qn_layout.h"
#include "verilated.h"

static const uint32_t magic = 0x31434e51; // "QNC1"

static void fail(const char *what)
{
  std::fprintf(stderr, "core: %s\n", what);
  std::exit(3);
}

static bool read_words(uint32_t *word, size_t n)
{
  return std::fread(word, sizeof *word, n, stdin) == n;
}

static void write_words(const uint32_t *word, size_t n)
{
  if (std::fwrite(word, sizeof *word, n, stdout) != n)
    fail("the reader is gone");
}

// a beat's TDATA, sign-extended
static uint32_t extend(uint32_t data, unsigned bits)
{
  return uint32_t(int32_t(data << (32 - bits)) >> (32 - bits));
}

// xorshift64*
struct Random {
  uint64_t x;
  explicit Random(uint64_t seed) : x(seed * 2654435761u + 88172645463325252u)
  {
  }
  uint32_t byte()
  {
    x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
    return uint32_t((x * 2685821657736338717u) >> 56);
  }
};

class Bench
{
public:
  Bench(VerilatedContext *context, uint32_t seed, uint32_t stall,
        uint32_t limit)
      : top_(new Vqn_top(context)), random_(seed), stall_(stall), limit_(limit)
  {
    top_->aresetn = 0;
    top_->s_axis_tvalid = 0;
    top_->m_axis_tready = 0;
    for (int i = 0; i < 8; i++)
      tick();
    top_->aresetn = 1;
  }

  void run(const std::vector<uint32_t> &input)
  {
    size_t beat = 0, steps = input.size() / QN_INPUTS;

    for (size_t step = 0; step < steps; step++)
      run_step(input, beat, step + 1 == steps);
    const uint32_t flags[] = {top_->framing_error, top_->saturated};
    write_words(flags, 2);
  }

private:
  std::unique_ptr<Vqn_top> top_;
  Random random_;
  uint32_t stall_, limit_;
  uint32_t waited_ = 0; // since the sample's last beat
  std::vector<uint32_t> record_;

  void tick()
  {
    top_->aclk = 0;
    top_->eval();
    top_->aclk = 1;
    top_->eval();
  }

  bool stalled()
  {
    return random_.byte() < stall_;
  }

  // one cycle up to its rising edge; looks at what stands there
  void settle()
  {
    top_->aclk = 0;
    top_->eval();
    if (top_->tap_valid) {
      record_.push_back(uint32_t(top_->tap_unfold) << 16 | top_->tap_neuron);
      record_.push_back(extend(top_->tap_value, QN_WIDTH));
    }
    if (waited_++ > limit_)
      fail("no answer within the cycle limit");
  }

  void edge()
  {
    top_->aclk = 1;
    top_->eval();
  }

  void send(const std::vector<uint32_t> &input, size_t &beat, bool last)
  {
    const uint32_t mask = QN_BEAT < 32 ? (1u << QN_BEAT) - 1 : ~0u;

    waited_ = 0;
    for (size_t k = 0; k < QN_INPUTS;) {
      if (!top_->s_axis_tvalid && !stalled()) {
        top_->s_axis_tvalid = 1;
        top_->s_axis_tdata = input[beat] & mask;
        top_->s_axis_tlast = last && k + 1 == QN_INPUTS;
      }
      settle();
      if (top_->s_axis_tvalid && top_->s_axis_tready) {
        edge();
        top_->s_axis_tvalid = 0;
        waited_ = 0;
        beat++;
        k++;
      } else
        edge();
    }
  }

  void receive(bool last)
  {
    for (size_t k = 0; k < QN_OUTPUTS;) {
      top_->m_axis_tready = !stalled();
      settle();
      if (top_->m_axis_tvalid && k == 0 && record_[0] == 0)
        record_[0] = waited_;
      if (top_->m_axis_tvalid && top_->m_axis_tready) {
        if (bool(top_->m_axis_tlast) != (last && k + 1 == QN_OUTPUTS))
          fail("TLAST of a result beat is wrong");
        record_[1 + k++] = extend(top_->m_axis_tdata, QN_BEAT);
      }
      edge();
    }
    top_->m_axis_tready = 0;
  }

  void run_step(const std::vector<uint32_t> &input, size_t &beat, bool last)
  {
    record_.assign(1 + QN_OUTPUTS, 0);
    send(input, beat, last);
    receive(last);
    if (record_.size() != 1 + QN_OUTPUTS + 2 * QN_UNFOLDS * QN_UNITS)
      fail("the number of state writes in a step is wrong");
    write_words(record_.data(), record_.size());
  }
};

int main(int argc, char **argv)
{
  const std::unique_ptr<VerilatedContext> context(new VerilatedContext);
  const uint32_t hello[] = {magic,      QN_WIDTH, QN_INPUTS,
                            QN_OUTPUTS, QN_UNITS, QN_UNFOLDS};
  uint32_t wish[4], steps;

  context->commandArgs(argc, argv);
  write_words(hello, 6);
  std::fflush(stdout);
  if (!read_words(wish, 4) || wish[0] != magic)
    fail("the first words are not the protocol's");
  Bench bench(context.get(), wish[1], wish[2], wish[3]);
  while (read_words(&steps, 1)) {
    std::vector<uint32_t> input(size_t(steps) * QN_INPUTS);

    if (!read_words(input.data(), input.size()))
      fail("a sequence ends early");
    bench.run(input);
    std::fflush(stdout);
  }
  return 0;
}
