package crdt

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// A counter counts in millionths, exactly: 0.1 + 0.2 + 0.7 is 1, in any order.
const (
	micros        = 1_000_000
	maxAmount     = 1_000_000_000          // of one addition
	maxReplicaSum = 1_000_000_000_000      // of all that one replica adds to one counter
	exactMicros   = uint64(1)<<53 - 1      // whole numbers up to here are exact doubles
	maxMicros     = maxReplicaSum * micros // 10^18, well within an int64
	exactDecimals = 999_999_999            // numbers up to here have at most 15 digits with the six behind the point, and no two such share a double
)

// counterField keeps what each replica added so far, so that a merge can tell an
// amount that the other side has counted from one it has not.
type counterField struct {
	sums []replicaSum // ascending by replica; none is zero
	ensured
}

// replicaSum is what one replica added, in millionths.
type replicaSum struct {
	replica Replica
	sum     int64
}

func (f *counterField) strategy() Strategy { return Counter }

func (f *counterField) value() (any, bool) {
	number := f.number()
	if number == 0 && f.hidden {
		return nil, false
	}
	return number, true
}

// number is the double nearest to what all added. It is zero only if that is.
func (f *counterField) number() float64 {
	if total, ok := f.small(); ok {
		return float64(total) / micros // both are exact, so the quotient is correctly rounded
	}
	return microsToFloat(f.total())
}

// small is the total in millionths if a double has it exactly.
func (f *counterField) small() (int64, bool) {
	total := int64(0)
	for _, s := range f.sums {
		if total += s.sum; uint64(max(total, -total)) > exactMicros {
			return 0, false
		}
	}
	return total, true
}

func (f *counterField) clone() node {
	return &counterField{slices.Clone(f.sums), f.ensured}
}

func (f *counterField) apply(op *Op, by *author) {
	if op.Kind == OpEnsure {
		f.ensure(op, by)
		return
	}
	amount, _ := floatToMicros(op.Value.(float64), maxAmount)
	f.put(by.stamp.Replica, f.sum(by.stamp.Replica)+amount)
}

// amount checks what is added to a counter, alone and together with what the same
// replica added before. Its changes come in order, so everyone judges this alike.
func (k *checker) amount(op *Op, field node) string {
	v, number := op.Value.(float64)
	m, fits := floatToMicros(v, maxAmount)
	if !number || !fits {
		return fmt.Sprintf("The counter %q takes amounts up to a thousand million with at most six digits behind the point.", pathName(op.Path))
	}
	sum := m
	if f, ok := field.(*counterField); ok {
		sum += f.sum(k.c.Replica)
	}
	if len(k.c.Ops) > 1 {
		key := pathKey(op.Path)
		sum += k.sums[key]
		k.sums[key] += m
	}
	if sum > maxMicros || sum < -maxMicros {
		return fmt.Sprintf("One device cannot add more than a million millions to the counter %q.", pathName(op.Path))
	}
	return ""
}

func (f *counterField) find(r Replica) (int, bool) {
	return slices.BinarySearchFunc(f.sums, r, func(s replicaSum, r Replica) int {
		return cmp.Compare(s.replica, r)
	})
}

// sum is what one replica added so far.
func (f *counterField) sum(r Replica) int64 {
	if i, found := f.find(r); found {
		return f.sums[i].sum
	}
	return 0
}

func (f *counterField) put(r Replica, sum int64) {
	i, found := f.find(r)
	switch {
	case found && sum == 0:
		f.sums = slices.Delete(f.sums, i, i+1)
	case found:
		f.sums[i].sum = sum
	case sum != 0:
		f.sums = slices.Insert(f.sums, i, replicaSum{r, sum})
	}
}

// merge takes each replica's sum from the side that has seen more of that replica.
func (f *counterField) merge(other node, j *join) {
	o := other.(*counterField)
	var sums []replicaSum
	for _, s := range f.sums {
		if j.theirs[s.replica].n <= j.ours[s.replica].n {
			sums = append(sums, s)
		}
	}
	for _, s := range o.sums {
		if j.theirs[s.replica].n > j.ours[s.replica].n {
			sums = append(sums, s)
		}
	}
	slices.SortFunc(sums, func(a, b replicaSum) int { return cmp.Compare(a.replica, b.replica) })
	f.sums = sums
	f.mergeEnsured(&o.ensured, j)
}

// total is the sum over all replicas, in millionths. One replica's sum is bounded,
// the number of replicas is not.
func (f *counterField) total() *big.Int {
	total, one := new(big.Int), new(big.Int)
	for _, s := range f.sums {
		total.Add(total, one.SetInt64(s.sum))
	}
	return total
}

// microsToFloat is the double nearest to so many millionths.
func microsToFloat(m *big.Int) float64 {
	v, _ := new(big.Rat).SetFrac(m, big.NewInt(micros)).Float64()
	return v
}

// floatToMicros reads a double as the decimal it is written as: 0.1 is one tenth,
// not the binary fraction next to it. False if that has more than six digits behind
// the point or is larger than limit either way.
func floatToMicros(v float64, limit int64) (int64, bool) {
	if !(v >= -float64(limit) && v <= float64(limit)) {
		return 0, false
	}
	if v >= -exactDecimals && v <= exactDecimals {
		m := math.Round(v * micros)
		return int64(m), m/micros == v
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	if len(fraction) > 6 {
		return 0, false
	}
	m, err := strconv.ParseInt(whole+fraction+"000000"[len(fraction):], 10, 64)
	return m, err == nil
}
