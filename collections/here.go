package collections

import "context"

// Here gives a cursor at the end of the log as it is now, with the types as they are:
// who pulls from it, with the same subscription, gets what comes after and nothing of
// what there is. It is for those who read what there is in another way.
func (e *Engine) Here(a Actor, subscribe []Subscription) (string, error) {
	// Without a cursor nothing is waited for.
	p, err := e.pulling(context.Background(), a, "", subscribe, 0)
	if err != nil {
		return "", err
	}
	p.at.Whole = nil
	p.at.Types = map[string]int{}
	for _, name := range e.reg.names() {
		if p.sight(name) != nil {
			p.at.Types[name] = e.reg.latest(name).Version
		}
	}
	return p.at.String(), nil
}
