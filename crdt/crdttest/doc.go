// Package crdttest is the world in which package crdt is tested: a plan that has
// every strategy, replicas that edit at random and tell each other what they did over
// a network that delays, drops, repeats, reorders and falls apart, by clocks that jump
// ([World], [Run]), and a model that says what must come of it ([Model]).
//
// The model is deliberately dumb. It knows nothing of meta, merging or holding back:
// it takes a set of changes and works out the value from the sentences in package
// crdt, by the plainest means, however slow. Where it and the document differ, one of
// the two is wrong, and the model is the one that can be checked by reading.
//
// The merge is written twice. A [History] is what happens to a few copies of one document,
// written down so that the merge in JavaScript can play it too ([RandomHistory]).
//
// Everything is drawn from one seed, so a failure that prints its seed can be seen
// again, with a [Trace] of what happened, and made smaller ([Shrink]).
package crdttest
