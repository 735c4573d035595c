"""What each word of a title or summary says of each mood: the part of `mood_table` that is words."""

# With their -s, -ed, -ing and -ly: how much one of them says. Repeats count once.
WORDS: dict[str, tuple[tuple[float, str], ...]] = {
    "funny": (
        (1.1, """
            comedy comic comedian hilarious hilarity funny hijinks spoof satire parody humor
            humorous wacky zany
        """),
        (0.6, """
            bumbling misadventure prank mishap chaos slacker buddy buddies idiot goofy eccentric
            quirky fraternity stoner loser neurotic party outrageous dysfunctional misfit antics
            raucous crazy vacation clueless
        """),
        (-0.5, "murder tragic tragedy haunted brutal killer grief war"),
    ),
    "action": (
        (0.9, """
            explosive assassin mercenary terrorist ninja samurai martial commando superhero
            gunfight heist
        """),
        (0.5, """
            battle fight fighter mission agent army weapon hero villain evil warrior soldier fbi
            cia cop revenge rescue robot alien planet galaxy chase bomb nuclear hunter vengeance
            destroy enemy vigilante military invade invasion defend
        """),
        (-0.4, "love marriage affair family daughter writer school artist"),
    ),
    "dramatic": (
        (0.7, "tragic tragedy heartbreaking poignant drama melodrama harrowing wrenching"),
        (0.4, """
            struggle grief loss dying death illness cancer addiction affair marriage divorce
            widow father mother son daughter prison poverty alcoholic abuse abusive secret
            betrayal family orphan trial guilt
        """),
        (-0.4, "robot alien monster zombie hijinks spy adventure magical"),
    ),
    "relaxing": (
        (0.8, """
            charming whimsical heartwarming delightful enchanting gentle cute lovable adorable
            magical
        """),
        (0.5, """
            holiday christmas dog puppy toy fairy princess village summer music dance dancing
            friendship garden bear cat pig rabbit animal magic wish birthday grandmother prince
            wedding childhood grandfather friend little
        """),
        (-0.6, """
            murder kill killer murderer brutal violent violence rape drug terrorist prison
            serial death torture sex
        """),
    ),
    "tense": (
        (0.8, """
            suspense suspenseful conspiracy detective investigate investigation mystery
            mysterious hostage kidnap kidnapper kidnapped trapped stalker stalk blackmail
            paranoia paranoid
        """),
        (0.5, """
            murder killer killing disappear disappearance missing suspect fbi cia secret spy
            witness escape police plot deadly psychopath intruder danger dangerous terror
            captive assassin clue framed hunt hunter pursue lawyer court
        """),
        (-0.5, "friendship wedding christmas comic hilarious musical summer dog dance teenager teen school"),
    ),
    "scary": (
        (1.2, """
            horror terrify terrifying haunt haunted ghost demon demonic zombie vampire werewolf
            supernatural exorcism evil possessed undead monster paranormal slasher nightmare
        """),
        (0.6, """
            serial killer creature curse spirit blood bloody gruesome sinister dead witch satan
            satanic cult mutant terror cannibal cemetery castle asylum dracula eerie victim
            massacre psychic occult devil forest woods island
        """),
        (-0.4, "wedding team football comic business career"),
    ),
    "romantic": (
        (0.9, """
            love romance romantic lover passion passionate wedding marry fiance fiancee
            sweetheart bride
        """),
        (0.5, """
            affair girl meet girlfriend boyfriend marriage beautiful heart relationship date kiss
            attraction seduce widow couple paris woman husband wife bachelor charming
        """),
        (-0.4, "war alien terrorist army cop killer monster zombie police"),
    ),
    "dark": (
        (0.9, """
            bleak disturbing brutal nihilistic depraved psychotic deranged sadistic torture rape suicide suicidal
            genocide holocaust gruesome cruel cruelty
        """),
        (0.5, """
            murder killer serial violent violence drug heroin addict addiction prison death
            obsession madness insane revenge corrupt corruption abuse nazi despair mob gangster
            underworld prostitute twisted psychopath alcoholism drunk
        """),
        (-0.5, """
            friendship comic adventure mission agent christmas magical fun dog team wedding hilarious family
        """),
    ),
    "thoughtful": (
        (0.8, """
            philosophical philosophy existential meditation allegory psychological reality
            consciousness meaning memory memories identity introspective profound psychiatrist
            dream
        """),
        (0.4, """
            society human humanity life mind political existence god faith moral explore
            isolation alienation psyche mental future past dystopian obsession struggle
            documentary truth artist philosopher
        """),
        (-0.5, "hijinks prank party villain terrorist cop martial vacation buddy"),
    ),
    "uplifting": (
        (0.8, """
            inspire inspired inspiring inspirational heartwarming uplifting triumph triumphant
            courage dream hope underdog overcome determined determination championship
        """),
        (0.5, """
            friendship teacher coach team true success win winning music dance student bond
            spirit learn school together child champion boxer football baseball olympic heart
            gift freedom faith blind deaf disabled wheelchair grandfather
        """),
        (-0.5, """
            murder killer violent drug terror revenge kill brutal zombie sinister corrupt deadly evil villain sex
        """),
    ),
}  # fmt: skip
