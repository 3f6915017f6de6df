"""Delete personal data."""

from switchboard.declare.play import Play

play = Play(
    name="delete_data",
    about="The customer wants their personal data deleted or a copy of it (privacy law: one month to answer).",
    says=(
        "A colleague who looks after privacy takes this up, and asks you for a proof of who you are; you have an "
        "answer within 30 days. You can also write to privacy@fernhill.example.com."
    ),
    examples=(
        "delete all the data you have about me",
        "please erase my personal information",
        "I want my data removed under GDPR",
        "right to be forgotten request",
        "remove me from your database",
        "send me a copy of all data that you hold on me",
        "subject access request",
        "forget my customer data completely",
        "I do not want you to keep my personal details any more",
        "under the privacy law I ask you to delete my records",
        "please delete everything you store about me",
        "I would like a copy of my data",
        "what do you store about me, send me all of it",
        "wipe my details from your systems",
        "export my personal data please",
    ),
    names=("data", "personal", "gdpr", "privacy", "forg", "record", "database", "information", "everything", "details"),
)
