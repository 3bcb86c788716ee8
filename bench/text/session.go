package text

import "fmt"

// session is several replicas of one document that type at once.
type session struct {
	trace    *Trace
	steps    []step
	replicas []*replica
}

func newSession(t *Trace) (*session, error) {
	steps, err := script(t)
	if err != nil {
		return nil, err
	}
	s := &session{t, steps, make([]*replica, t.Agents)}
	for agent := range s.replicas {
		if s.replicas[agent], err = newReplica(agent); err != nil {
			return nil, err
		}
		s.replicas[agent].sending = true
	}
	return s, nil
}

// play plays the session to its end. Every edit is a change of its own, and what one
// replica hears of another is the changes as they are on the wire.
func (s *session) play() error {
	var messages [][]byte
	for i, step := range s.steps {
		r := s.replicas[step.who]
		var err error
		switch step.does {
		case edits:
			err = r.replay(s.trace.Transactions[step.index].Patches)
		case sends:
			messages = append(messages, r.send())
		case receives:
			err = r.receive(messages[step.index])
		}
		if err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
	}
	return nil
}
