// Keeps what is typed as a draft on our own server while somebody writes. Without it forms work the same.
const WAIT = 1500
const form = document.querySelector('form[data-draft]')

if (form) {
  const said = document.createElement('p')
  said.className = 'govuk-hint'
  said.setAttribute('role', 'status')
  form.append(said)
  let timer
  let request

  const keep = async () => {
    const typed = new URLSearchParams(new FormData(form))
    typed.set('page', window.location.pathname)
    request = new AbortController()
    try {
      const answer = await fetch('/drafts', { method: 'POST', body: typed, redirect: 'manual', signal: request.signal })
      said.textContent = answer.status === 204 ? 'Draft kept.' : 'Not kept as a draft. Save it before you leave this page.'
    } catch {
      said.textContent = 'Not kept as a draft: there is no connection. Stay on this page.'
    }
  }

  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(keep, WAIT)
  })
  // A draft that arrives after the form itself would bring back what is saved already.
  form.addEventListener('submit', () => {
    clearTimeout(timer)
    if (request) request.abort()
  })
}
