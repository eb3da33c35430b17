"""The hand-off: sites and who acts there, a referral on its way from request to outcome, and the letters between chats."""
