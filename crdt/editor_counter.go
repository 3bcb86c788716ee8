package crdt

// Add adds amount to a counter.
func (e *Editor) Add(path []string, amount float64) error {
	if _, err := e.field(path, Counter); err != nil {
		return err
	}
	op := Op{Kind: OpAdd, Path: path, Value: amount, Has: true}
	i, again := e.last[slot(&op)]
	if !again {
		return e.write(op)
	}
	if err := e.run(op); err != nil {
		return err
	}
	before, _ := floatToMicros(e.ops[i].Value.(float64), maxAmount)
	more, _ := floatToMicros(amount, maxAmount)
	sum := float64(before+more) / micros
	if _, fits := floatToMicros(sum, maxAmount); fits {
		e.ops[i].Value = sum
	} else {
		e.ops = append(e.ops, op)
	}
	return nil
}

func (e *Editor) putCounter(path []string, value any) error {
	number, ok := value.(float64)
	wanted, fits := floatToMicros(number, maxReplicaSum)
	if !ok || !fits {
		return refuse(path, "The counter %q takes a number with at most six digits behind the point.", pathName(path))
	}
	if f, ok := e.work.find(path).(*counterField); ok {
		total := f.total()
		if !total.IsInt64() {
			return refuse(path, "The counter %q is too large to be set: add to it instead.", pathName(path))
		}
		wanted -= total.Int64()
	}
	for wanted != 0 {
		step := max(-maxAmount*micros, min(wanted, maxAmount*micros))
		if err := e.Add(path, float64(step)/micros); err != nil {
			return err
		}
		wanted -= step
	}
	return e.show(path, Counter)
}
