package crdt

import (
	"fmt"
	"maps"
	"math/big"
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
)

// counterField keeps what each replica added so far, so that a merge can tell an
// amount that the other side has counted from one it has not.
type counterField struct {
	sums map[Replica]int64 // in millionths; none is zero
	ensured
}

func (f *counterField) strategy() Strategy { return Counter }

func (f *counterField) value() (any, bool) {
	total := f.total()
	if total.Sign() == 0 && f.hidden {
		return nil, false
	}
	return microsToFloat(total), true
}

func (f *counterField) clone() node {
	return &counterField{maps.Clone(f.sums), f.ensured}
}

func (f *counterField) apply(op *Op, by *author) {
	if op.Kind == OpEnsure {
		f.ensure(op, by)
		return
	}
	amount, _ := floatToMicros(op.Value.(float64), maxAmount)
	f.put(by.stamp.Replica, f.sums[by.stamp.Replica]+amount)
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
		sum += f.sums[k.c.Replica]
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

func (f *counterField) put(r Replica, sum int64) {
	if sum == 0 {
		delete(f.sums, r)
	} else {
		f.sums[r] = sum
	}
}

// merge takes each replica's sum from the side that has seen more of that replica.
func (f *counterField) merge(other node, j *join) {
	o := other.(*counterField)
	for r, theirs := range j.theirs {
		if theirs.n > j.ours[r].n {
			f.put(r, o.sums[r])
		}
	}
	f.mergeEnsured(&o.ensured, j)
}

// total is the sum over all replicas, in millionths. One replica's sum is bounded,
// the number of replicas is not.
func (f *counterField) total() *big.Int {
	total, one := new(big.Int), new(big.Int)
	for _, sum := range f.sums {
		total.Add(total, one.SetInt64(sum))
	}
	return total
}

// microsToFloat is the double nearest to so many millionths.
func microsToFloat(m *big.Int) float64 {
	if m.IsInt64() && uint64(max(m.Int64(), -m.Int64())) <= exactMicros {
		return float64(m.Int64()) / micros // both are exact, so the quotient is correctly rounded
	}
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
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	if len(fraction) > 6 {
		return 0, false
	}
	m, err := strconv.ParseInt(whole+fraction+"000000"[len(fraction):], 10, 64)
	return m, err == nil
}
