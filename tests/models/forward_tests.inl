// The tests of forward_test.cpp, included once `Engines` lists engines with a
// `context()`: part of that file and of others with further engines.

template <class Engine>
struct Loaded {
  using O = decltype(std::declval<const Engine&>().context());

  explicit Loaded(const fs::path& path)
      : files(open_model_files(path)),
        source(files.parts),
        config(derive_config(source, files.hints)),
        weights(load_weights(ops, source, config)) {}

  Engine engine;
  O ops = engine.context();
  ModelFiles files;
  TensorSource source;
  ModelConfig config;
  ModelWeights<O> weights;
};

template <class Engine>
class Towers : public testing::Test {};
template <class Engine>
class Heads : public testing::Test {};
TYPED_TEST_SUITE(Towers, Engines);
TYPED_TEST_SUITE(Heads, Engines);

struct TowerCase {
  std::string folder;
  std::string file;
};
const std::vector<TowerCase> tower_cases{
    {"clip_tiny", "clip_tiny/clip_tiny.torchscript.pt"},
    {"clip_tiny_odd", "clip_tiny_odd/clip_tiny_odd.torchscript.pt"},
    {"blip_tiny", "blip_tiny/blip_tiny.pth"}};

/// What a loaded model computes after each block of a tower, in order.
template <class M>
std::vector<Tensor> image_blocks(const M& m, const Tensor& pixels) {
  std::vector<Tensor> after;
  const auto& c = m.config.towers;
  std::visit(
      [&](const auto& towers) {
        const auto& w = towers.vision;
        auto x = image_tokens(m.ops, w, c, m.ops.upload(pixels));
        for (const auto& block : w.stack.blocks) {
          x = pre_norm_block(m.ops, block, c.vision, x, Visibility::all,
                             nullptr);
          after.push_back(m.ops.download(x));
        }
      },
      m.weights.towers.family);
  return after;
}

template <class M>
std::vector<Tensor> text_blocks(const M& m, const TokenBatch& tokens) {
  using O = typename M::O;
  std::vector<Tensor> after;
  const auto& c = m.config.towers;
  if (const auto* clip = std::get_if<ClipWeights<O>>(&m.weights.towers.family)) {
    auto x = text_tokens(m.ops, clip->text, c, tokens);
    for (const auto& block : clip->text.stack.blocks) {
      x = pre_norm_block(m.ops, block, c.text, x, Visibility::causal, nullptr);
      after.push_back(m.ops.download(x));
    }
    return after;
  }
  const auto& text = std::get<BlipWeights<O>>(m.weights.towers.family).text;
  const auto key_bias = m.ops.upload(padding_bias(tokens, bert_padding));
  auto x = text_tokens(m.ops, text, c, tokens);
  for (const auto& block : text.blocks) {
    x = bert_block(m.ops, block, c.text, x, x, key_bias);
    after.push_back(m.ops.download(x));
  }
  return after;
}

void expect_blocks(const std::vector<Tensor>& after, const std::string& name) {
  for (std::size_t i = 0; i < after.size(); ++i)
    EXPECT_TRUE(near(after[i], golden(name + std::to_string(i)),
                     feature_tolerance))
        << name << i;
}

TYPED_TEST(Towers, AgreeWithTheReferenceAfterEveryImageBlock) {
  for (const auto& c : tower_cases) {
    const Loaded<TypeParam> m(unpacked(c.file));
    const auto pixels = pick(golden(c.folder + "/pixels"), first_n(2));
    expect_blocks(image_blocks(m, pixels), c.folder + "/image_block");
  }
}

TYPED_TEST(Towers, AgreeWithTheReferenceAfterEveryTextBlock) {
  for (const auto& c : tower_cases) {
    const Loaded<TypeParam> m(unpacked(c.file));
    const auto tokens = pick(golden_tokens(c.folder), first_n(2));
    expect_blocks(text_blocks(m, tokens), c.folder + "/text_block");
  }
}

TYPED_TEST(Towers, GiveTheReferencesFeatures) {
  for (const auto& c : tower_cases) {
    const Loaded<TypeParam> m(unpacked(c.file));
    const auto& towers = m.config.towers;
    const auto& w = m.weights.towers;
    const auto pixels = m.ops.upload(golden(c.folder + "/pixels"));
    const auto tokens = golden_tokens(c.folder);
    const auto expect = [&](const auto& tensor, const std::string& name) {
      EXPECT_TRUE(near(m.ops.download(tensor), golden(c.folder + "/" + name),
                       feature_tolerance))
          << c.folder << " " << name;
    };
    expect(image_local(m.ops, w, towers, pixels), "image_local");
    expect(image_global(m.ops, w, towers, pixels), "image_global");
    expect(text_local(m.ops, w, towers, tokens), "text_local");
    expect(text_global(m.ops, w, towers, tokens), "text_global");
    expect(text_global(m.ops, w, towers, cut_padding(tokens)),
           "text_global");
  }
}

// Rounding differs where a product has another number of rows.
constexpr Tolerance same_numbers{2e-5F, 1e-5F};

TYPED_TEST(Towers, ComputeTheReadRowsAsTheFullPassDoes) {
  const Loaded<TypeParam> m(unpacked(tower_cases[1].file));
  const auto& towers = m.config.towers;
  const auto pixels = m.ops.upload(golden("clip_tiny_odd/pixels"));
  const auto& w = m.weights.towers;
  const auto all = image_local(m.ops, w, towers, pixels);
  EXPECT_TRUE(near(
      m.ops.download(image_global(m.ops, w, towers, pixels)),
      m.ops.download(m.ops.gather(all, first_rows(8, towers.image_rows()))),
      same_numbers));
}

/// What the towers of the small SigLIP compute, one after another.
template <class M>
std::vector<Tensor> siglip_features(const M& m) {
  const auto& c = m.config.towers;
  const auto& w = m.weights.towers;
  const auto pixels =
      m.ops.upload(random_weights({"pixels", {3, 3, c.side(), c.side()}}));
  TokenBatch tokens{.ids = std::vector<std::int32_t>(2 * c.context, 1),
                    .count = 2,
                    .length = c.context,
                    .global = GlobalRow::last};
  std::iota(tokens.ids.begin(), tokens.ids.begin() + 9, 5);
  return {m.ops.download(image_local(m.ops, w, c, pixels)),
          m.ops.download(image_global(m.ops, w, c, pixels)),
          m.ops.download(text_local(m.ops, w, c, tokens)),
          m.ops.download(text_global(m.ops, w, c, tokens))};
}

struct Loops {
  PlainOps context() const { return {}; }
};

TYPED_TEST(Towers, OfSiglipGiveTheNumbersOfPlainLoops) {
  const SmallSiglip small;
  auto found = siglip_features(Loaded<TypeParam>(small.folder.path()));
  auto expected = siglip_features(Loaded<Loops>(small.folder.path()));
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_TRUE(near(found[i], expected[i], feature_tolerance)) << i;
}

TYPED_TEST(Towers, GiveShortTextsTheSameNumbersWithoutTheirPadding) {
  for (const auto& c : tower_cases) {
    const Loaded<TypeParam> m(unpacked(c.file));
    const auto& towers = m.config.towers;
    const auto& w = m.weights.towers;
    const std::vector<std::size_t> short_texts{0, 1, 3, 6};
    const auto tokens = pick(golden_tokens(c.folder), short_texts);
    const auto cut = cut_padding(tokens);
    ASSERT_LT(cut.length, tokens.length);
    const auto full =
        m.ops.gather(text_local(m.ops, w, towers, tokens), global_rows(tokens));
    EXPECT_TRUE(near(m.ops.download(text_global(m.ops, w, towers, cut)),
                     m.ops.download(full), same_numbers));
  }
}

struct HeadCase {
  std::string folder;
  std::string pixels;
};
const std::vector<HeadCase> head_cases{
    {"clip_tiny_union", "clip_tiny/pixels"},
    {"clip_tiny_odd_union", "clip_tiny_odd/pixels"},
    {"blip_tiny_union", "blip_tiny/pixels"}};

struct MaskCase {
  Mask mask;
  std::string name;
};
const std::vector<MaskCase> mask_cases{{Mask::boolean, "bool"},
                                       {Mask::added, "added"}};

/// What the heads of one folder read, for all its pairs.
template <class Engine>
struct HeadInputs : Loaded<Engine> {
  using typename Loaded<Engine>::O;

  HeadInputs(const HeadCase& c, std::size_t pair_count = 0)
      : Loaded<Engine>(unpacked(c.folder + "/" + c.folder + ".pth")) {
    auto pairs = golden_pairs(c.folder);
    if (pair_count > 0) {
      pairs.images.resize(pair_count);
      pairs.texts.resize(pair_count);
    }
    const auto& engine_ops = this->ops;
    const auto& towers = this->config.towers;
    const auto& w = this->weights.towers;
    pixels = engine_ops.upload(golden(c.pixels));
    const auto texts = golden_tokens(c.folder);
    const auto images = engine_ops.download(
        image_local(engine_ops, w, towers, pixels));
    const auto locals =
        engine_ops.download(text_local(engine_ops, w, towers, texts));
    in.image_local = engine_ops.upload(pick(images, pairs.images));
    in.text_local = engine_ops.upload(pick(locals, pairs.texts));
    tokens = pick(texts, pairs.texts);
    in.tokens = &tokens;
  }

  void cut() {
    tokens = cut_padding(tokens);
    in.text_local = text_local(this->ops, this->weights.towers,
                               this->config.towers, tokens);
  }

  typename O::Tensor pixels;
  TokenBatch tokens;
  FusionInput<O> in;
};

TYPED_TEST(Heads, FeedTheFusionAsTheReferenceDoes) {
  for (const auto& c : head_cases) {
    const HeadInputs<TypeParam> m(c, 8);
    const auto sequence = fusion_sequence(m.ops, m.weights.transagg, m.in);
    EXPECT_TRUE(near(m.ops.download(sequence), golden(c.folder + "/fusion_in"),
                     feature_tolerance));
    EXPECT_TRUE(
        near(fusion_key_bias(m.tokens, m.config.towers.image_rows(), Mask::added),
             golden(c.folder + "/fusion_mask"), {0, 0}));
  }
}

TYPED_TEST(Heads, GiveTheReferencesFusionOutputUnderBothMasks) {
  for (const auto& c : head_cases)
    for (const auto& mask : mask_cases) {
      const HeadInputs<TypeParam> m(c, 8);
      const auto out = fusion_all_rows(m.ops, m.weights.transagg,
                                       *m.config.transagg, m.in, mask.mask);
      const auto name = c.folder + "/fusion_out_mask_" + mask.name;
      EXPECT_TRUE(near(m.ops.download(out), golden(name), feature_tolerance))
          << name;
    }
}

template <class M>
void expect_fused(const M& m, const FusionOutput<typename M::O>& out,
                  const std::string& folder, const std::string& mask) {
  const auto expect = [&](const auto& tensor, const std::string& name,
                          Tolerance tolerance) {
    const auto file = folder + "/" + name + "_mask_" + mask;
    const auto expected = pick(golden(file), first_n(m.tokens.count));
    EXPECT_TRUE(near(m.ops.download(tensor), expected, tolerance)) << file;
  };
  expect(out.fused, "f", feature_tolerance);
  expect(out.weights, "weights", feature_tolerance);
  expect(out.query, "query", unit_tolerance);
}

TYPED_TEST(Heads, GiveTheReferencesQueriesUnderBothMasks) {
  for (const auto& c : head_cases) {
    const HeadInputs<TypeParam> m(c);
    for (const auto& mask : mask_cases)
      expect_fused(
          m,
          fuse(m.ops, m.weights.transagg, *m.config.transagg, m.in, mask.mask),
          c.folder, mask.name);
  }
}

TYPED_TEST(Heads, GiveTheReferencesQueriesFromAllRowsOfTheLastLayer) {
  for (const auto& c : head_cases) {
    const HeadInputs<TypeParam> m(c, 8);
    for (const auto& mask : mask_cases) {
      const auto all = fusion_all_rows(m.ops, m.weights.transagg,
                                       *m.config.transagg, m.in, mask.mask);
      const auto rows = fusion_rows(m.tokens, m.config.towers.image_rows());
      const auto pairs = m.ops.reshape(
          m.ops.gather(all, rows), {m.tokens.count, 2 * m.config.towers.width});
      expect_fused(m,
                   combine_pairs(m.ops, m.weights.transagg, *m.config.transagg,
                                 m.in, pairs),
                   c.folder, mask.name);
    }
  }
}

TYPED_TEST(Heads, GiveTheSameQueriesWithoutMaskedPadding) {
  const std::vector<std::size_t> short_texts{0, 1, 3, 6};
  HeadInputs<TypeParam> m(head_cases[0]);
  const auto tokens = golden_tokens(head_cases[0].folder);
  m.tokens = pick(tokens, short_texts);
  m.in.image_local =
      image_local(m.ops, m.weights.towers, m.config.towers,
                  m.ops.upload(pick(golden(head_cases[0].pixels), first_n(4))));
  m.in.text_local =
      text_local(m.ops, m.weights.towers, m.config.towers, m.tokens);
  const auto run = [&] {
    return m.ops.download(
        fuse(m.ops, m.weights.transagg, *m.config.transagg, m.in, Mask::boolean)
            .query);
  };
  const auto full = run();
  m.cut();
  ASSERT_LT(m.tokens.length, tokens.length);
  EXPECT_TRUE(near(run(), full, same_numbers));
}

TYPED_TEST(Heads, GiveTheReferencesUnionVectors) {
  for (const auto& c : head_cases) {
    const HeadInputs<TypeParam> m(c);
    const auto& w = m.weights.union_head;
    const auto& config = *m.config.union_head;
    const auto rows = m.config.towers.image_rows();
    const auto image =
        m.ops.gather(m.in.image_local, first_rows(m.tokens.count, rows));
    const auto text = m.ops.gather(m.in.text_local, global_rows(m.tokens));
    const auto hidden = union_hidden(m.ops, w, config, image, text);
    EXPECT_TRUE(near(m.ops.download(hidden), golden(c.folder + "/union_hidden"),
                     feature_tolerance));
    EXPECT_TRUE(near(m.ops.download(union_weight(m.ops, w, config, hidden)),
                     golden(c.folder + "/union_w"), unit_tolerance));
    EXPECT_TRUE(
        near(m.ops.download(union_vectors(m.ops, w, config, image, text)),
             golden(c.folder + "/union_U"), unit_tolerance));
  }
}

TEST(RelativeBucket, IsThatOfT5) {
  // transformers' T5Attention._relative_position_bucket, 32 buckets.
  EXPECT_EQ(relative_bucket(0, 0, 32), 0);
  EXPECT_EQ(relative_bucket(1, 0, 32), 17);
  EXPECT_EQ(relative_bucket(0, 1, 32), 1);
  EXPECT_EQ(relative_bucket(7, 0, 32), 23);
  EXPECT_EQ(relative_bucket(8, 0, 32), 24);
  EXPECT_EQ(relative_bucket(0, 20, 32), 10);
  EXPECT_EQ(relative_bucket(0, 1000, 32), 15);
  EXPECT_EQ(relative_bucket(1000, 0, 32), 31);
}
