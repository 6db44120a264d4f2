"""Count the multiply-accumulates of a graph: what one sample costs. Knows graphs only: no Keras, no files.

What counts: one for each pair of numbers that is multiplied and added to a weighted sum, where the weights are trained
or computed by the model.

- Dense, EinsumDense, convolutions (grouped, dilated, separable, depthwise, transposed): every use of a kernel scalar.
  Padding counts as if it were data, and a transposed convolution counts all that it spreads, cropped or not.
- Attention: the projections of query, key, value, gate and output, the scores and the weighting of the values. Masked
  positions count, because they are computed; so does a key-value head that grouped queries share, once for each query
  head.
- Recurrent layers and cells: the products with the input and with the state, at every time step; the first step too,
  although its state is zero. `TimeDistributed`: the inner layer at every time step.
- `Dot` and the products among `keras.ops` (`matmul`, `einsum`, `tensordot`, `conv`, ...), if they sum anything.
  TensorFlow's own matrix products and convolutions, where a trace finds them.

What counts 0 by definition: biases, activations, elementwise work, normalisation, pooling, reductions, look-ups
(embeddings), resampling and image augmentation, copying and reshaping, and work on the weights alone (LoRA updates,
spectral norms).

One sample: axis 0 of the model's first input is the batch and is left out. Where an operation folds other axes into
axis 0 (windows, patches, heads), all rows that come from one sample count. A layer whose inside is not known is taken
to keep the batch, which is Keras' convention, and so is what made a tensor whose origin is unknown. What depends on no
input counts once.

`None` is *unknown* and never a guess: a layer from outside Keras whose inside is not known, `Lambda`, fixed transforms
(`STFTSpectrogram`, FFTs), loops, a dynamic axis that the count depends on, settings that could not be read. A total is
unknown as soon as one node is, or a tensor whose origin is unknown is used.
"""

from keras_ascii_tools.costs.count import macs, macs_of_nodes, total_macs

__all__ = ["macs", "macs_of_nodes", "total_macs"]
